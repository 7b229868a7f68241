using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Hearsay.Features.Maps;
using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Replica;
using Hearsay.Protocols.AntiEntropy.Rows;
using Hearsay.Settings;

namespace Hearsay;

/// <summary>
/// Writes one field beneath a key of a map, as <see cref="GossipMap"/> writes keys. Writes of other fields do not touch
/// it. <see cref="MapEntry.Fields"/> has the contents of the fields.
/// </summary>
/// <remarks>Immutable; safe on any thread. The calls fail in the same way as those of
/// <see cref="GossipMap"/>.</remarks>
public sealed class GossipMapField
{
    private readonly GossipMap _map;
    private readonly RowPath _path;

    internal GossipMapField(GossipMap map, string key, string field) =>
        (_map, Key, Name, _path) = (map, key, field, MapKeys.Field(key, field));

    /// <summary>The key.</summary>
    public string Key { get; }

    /// <summary>The name of the field.</summary>
    public string Name { get; }

    /// <summary>Sets its value.</summary>
    /// <param name="value">
    /// The value, at most <see cref="MapOptions.LargestValueBytes"/> bytes. It is copied before the call returns.
    /// </param>
    /// <param name="concern">How many nodes must have it; null for this node alone.</param>
    /// <param name="cancellationToken">Cancels the wait for other nodes. The write stays.</param>
    public Task<MapWrite> SetAsync(
        ReadOnlyMemory<byte> value, WriteConcern? concern = null, CancellationToken cancellationToken = default) =>
        _map.ChangeAsync(
            MapChange.Set(_path, RowKind.Register, MapKeys.Checked(value).ToArray()), concern, cancellationToken);

    /// <summary>Sets its value to a text.</summary>
    /// <param name="text">The text, which is encoded as UTF-8.</param>
    /// <param name="concern">How many nodes must have it; null for this node alone.</param>
    /// <param name="cancellationToken">Cancels the wait for other nodes. The write stays.</param>
    public Task<MapWrite> SetAsync(
        string text, WriteConcern? concern = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        return SetAsync(StrictUtf8.GetBytes(text, nameof(text)), concern, cancellationToken);
    }

    /// <summary>
    /// Sets a value that expires, as <see cref="GossipMap.SetAsync(string, ReadOnlyMemory{byte}, TimeSpan,
    /// WriteConcern?, CancellationToken)"/> does. Other fields of the key stay.
    /// </summary>
    /// <param name="value">The value. It is copied before the call returns.</param>
    /// <param name="timeToLive">How long it lives, from 1 ms to 100 years.</param>
    /// <param name="concern">How many nodes must have it; null for this node alone.</param>
    /// <param name="cancellationToken">Cancels the wait for other nodes. The write stays.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time is out of its range.</exception>
    public Task<MapWrite> SetAsync(
        ReadOnlyMemory<byte> value, TimeSpan timeToLive, WriteConcern? concern = null,
        CancellationToken cancellationToken = default) => _map.ChangeAsync(
            MapChange.Set(_path, RowKind.Register, MapKeys.Checked(value).ToArray()).Until(_map.Expiry(timeToLive)),
            concern, cancellationToken);

    /// <summary>Sets a text that expires.</summary>
    /// <param name="text">The text, which is encoded as UTF-8.</param>
    /// <param name="timeToLive">How long it lives, from 1 ms to 100 years.</param>
    /// <param name="concern">How many nodes must have it; null for this node alone.</param>
    /// <param name="cancellationToken">Cancels the wait for other nodes. The write stays.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time is out of its range.</exception>
    public Task<MapWrite> SetAsync(
        string text, TimeSpan timeToLive, WriteConcern? concern = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        return SetAsync(StrictUtf8.GetBytes(text, nameof(text)), timeToLive, concern, cancellationToken);
    }

    /// <summary>Sets its value to JSON.</summary>
    /// <param name="value">The value.</param>
    /// <param name="type">How it is written; source generation makes it.</param>
    /// <param name="concern">How many nodes must have it; null for this node alone.</param>
    /// <param name="cancellationToken">Cancels the wait for other nodes. The write stays.</param>
    public Task<MapWrite> SetAsync<T>(
        T value, JsonTypeInfo<T> type, WriteConcern? concern = null, CancellationToken cancellationToken = default) =>
        SetAsync(JsonSerializer.SerializeToUtf8Bytes(value, type), concern, cancellationToken);

    /// <summary>Adds to its counter.</summary>
    /// <param name="amount">The amount; negative to subtract.</param>
    /// <param name="concern">How many nodes must have it; null for this node alone.</param>
    /// <param name="cancellationToken">Cancels the wait for other nodes. The increment stays.</param>
    public Task<MapWrite> IncrementAsync(
        long amount = 1, WriteConcern? concern = null, CancellationToken cancellationToken = default) =>
        _map.ChangeAsync(MapChange.Increment(_path, MapKeys.Checked(amount)), concern, cancellationToken);

    /// <summary>Adds an element to its set.</summary>
    /// <param name="element">The element, at most <see cref="MapOptions.LongestKeyBytes"/> bytes of UTF-8.</param>
    /// <param name="concern">How many nodes must have it; null for this node alone.</param>
    /// <param name="cancellationToken">Cancels the wait for other nodes. The element stays.</param>
    public Task<MapWrite> AddAsync(
        string element, WriteConcern? concern = null, CancellationToken cancellationToken = default) =>
        _map.ChangeAsync(
            MapChange.Set(MapKeys.Field(Key, Name, element), RowKind.Element, default), concern, cancellationToken);

    /// <summary>Adds an element that expires to its set.</summary>
    /// <param name="element">The element.</param>
    /// <param name="timeToLive">How long it lives, from 1 ms to 100 years.</param>
    /// <param name="concern">How many nodes must have it; null for this node alone.</param>
    /// <param name="cancellationToken">Cancels the wait for other nodes. The write stays.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time is out of its range.</exception>
    public Task<MapWrite> AddAsync(
        string element, TimeSpan timeToLive, WriteConcern? concern = null,
        CancellationToken cancellationToken = default) => _map.ChangeAsync(
            MapChange.Set(MapKeys.Field(Key, Name, element), RowKind.Element, default).Until(_map.Expiry(timeToLive)),
            concern, cancellationToken);

    /// <summary>Removes an element from its set.</summary>
    /// <param name="element">The element.</param>
    /// <param name="concern">How many nodes must have the removal; null for this node alone.</param>
    /// <param name="cancellationToken">Cancels the wait for other nodes. The removal stays.</param>
    public Task<MapWrite> RemoveAsync(
        string element, WriteConcern? concern = null, CancellationToken cancellationToken = default) =>
        _map.ChangeAsync(MapChange.Remove(MapKeys.Field(Key, Name, element)), concern, cancellationToken);

    /// <summary>Raises its flag.</summary>
    /// <param name="concern">How many nodes must have it; null for this node alone.</param>
    /// <param name="cancellationToken">Cancels the wait for other nodes. The flag stays.</param>
    public Task<MapWrite> RaiseAsync(WriteConcern? concern = null, CancellationToken cancellationToken = default) =>
        _map.ChangeAsync(MapChange.Set(_path, RowKind.Flag, default), concern, cancellationToken);

    /// <summary>Raises its flag, which falls by itself.</summary>
    /// <param name="timeToLive">How long it lives, from 1 ms to 100 years.</param>
    /// <param name="concern">How many nodes must have it; null for this node alone.</param>
    /// <param name="cancellationToken">Cancels the wait for other nodes. The write stays.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time is out of its range.</exception>
    public Task<MapWrite> RaiseAsync(
        TimeSpan timeToLive, WriteConcern? concern = null, CancellationToken cancellationToken = default) =>
        _map.ChangeAsync(
            MapChange.Set(_path, RowKind.Flag, default).Until(_map.Expiry(timeToLive)), concern, cancellationToken);

    /// <summary>Removes the field: everything that this node has seen of it.</summary>
    /// <param name="concern">How many nodes must have the removal; null for this node alone.</param>
    /// <param name="cancellationToken">Cancels the wait for other nodes. The removal stays.</param>
    public Task<MapWrite> RemoveAsync(WriteConcern? concern = null, CancellationToken cancellationToken = default) =>
        _map.ChangeAsync(MapChange.Remove(_path), concern, cancellationToken);
}
