using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Hearsay.Features.Maps;
using Hearsay.Protocols.AntiEntropy.Replica;
using Hearsay.Protocols.AntiEntropy.Rows;
using Hearsay.Settings;

namespace Hearsay;

/// <summary>
/// Changes that <see cref="GossipMap.WriteAsync"/> makes at once: other nodes see all of them or none, except for
/// changes that were replaced since.
/// </summary>
/// <remarks>
/// At most <see cref="MapOptions.LargestBatch"/> changes with <see cref="MapOptions.LargestBatchBytes"/> bytes of keys
/// and values together, and at most one for each key, element or counter. Not thread safe.
/// </remarks>
public sealed class MapBatch
{
    private readonly List<MapChange> _changes = [];
    private readonly Dictionary<int, TimeSpan> _lives = [];

    /// <summary>The number of changes.</summary>
    public int Count => _changes.Count;

    /// <summary>The bytes of keys and values so far.</summary>
    internal long Bytes { get; private set; }

    /// <summary>The changes.</summary>
    /// <param name="expiry">When something expires that lives for a time from now on.</param>
    internal MapChange[] Changes(Func<TimeSpan, long> expiry) =>
        [.. _changes.Select((change, i) => _lives.TryGetValue(i, out var life) ? change.Until(expiry(life)) : change)];

    /// <summary>Sets a value; see <see cref="GossipMap.SetAsync(string, ReadOnlyMemory{byte}, WriteConcern?,
    /// CancellationToken)"/>.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value. It must not change until the batch has been written.</param>
    /// <returns>This batch.</returns>
    /// <exception cref="ArgumentException">A key or value is too long, or the batch is full.</exception>
    public MapBatch Set(string key, ReadOnlyMemory<byte> value) =>
        With(MapChange.Set(MapKeys.Path(key), RowKind.Register, MapKeys.Checked(value)));

    /// <summary>Sets a value that expires.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value. It must not change until the batch has been written.</param>
    /// <param name="timeToLive">How long it lives from when the batch is written on, from 1 ms to 100 years.</param>
    /// <returns>This batch.</returns>
    /// <exception cref="ArgumentException">A key or value is too long, or the batch is full.</exception>
    public MapBatch Set(string key, ReadOnlyMemory<byte> value, TimeSpan timeToLive)
    {
        Set(key, value);
        _lives[_changes.Count - 1] = timeToLive;
        return this;
    }

    /// <summary>Sets a value to a text.</summary>
    /// <param name="key">The key.</param>
    /// <param name="text">The text, which is encoded as UTF-8.</param>
    /// <returns>This batch.</returns>
    /// <exception cref="ArgumentException">A key or value is too long, or the batch is full.</exception>
    public MapBatch Set(string key, string text) => Set(key, StrictUtf8.GetBytes(text, nameof(text)));

    /// <summary>Sets a value to JSON.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <param name="type">How it is written; source generation makes it.</param>
    /// <returns>This batch.</returns>
    /// <exception cref="ArgumentException">A key or value is too long, or the batch is full.</exception>
    public MapBatch Set<T>(string key, T value, JsonTypeInfo<T> type) =>
        Set(key, JsonSerializer.SerializeToUtf8Bytes(value, type));

    /// <summary>Removes a key.</summary>
    /// <param name="key">The key.</param>
    /// <returns>This batch.</returns>
    /// <exception cref="ArgumentException">The key is too long, or the batch is full.</exception>
    public MapBatch Remove(string key) => With(MapChange.Remove(MapKeys.Path(key)));

    /// <summary>Adds to a counter.</summary>
    /// <param name="key">The key.</param>
    /// <param name="amount">The amount; negative to subtract.</param>
    /// <returns>This batch.</returns>
    /// <exception cref="ArgumentException">The key is too long, or the batch is full.</exception>
    public MapBatch Increment(string key, long amount = 1) =>
        With(MapChange.Increment(MapKeys.Path(key), MapKeys.Checked(amount)));

    /// <summary>Adds an element to a set.</summary>
    /// <param name="key">The key.</param>
    /// <param name="element">The element.</param>
    /// <returns>This batch.</returns>
    /// <exception cref="ArgumentException">The key or the element is too long, or the batch is full.</exception>
    public MapBatch Add(string key, string element) =>
        With(MapChange.Set(MapKeys.Path(key, element), RowKind.Element, default));

    /// <summary>Removes an element from a set.</summary>
    /// <param name="key">The key.</param>
    /// <param name="element">The element.</param>
    /// <returns>This batch.</returns>
    /// <exception cref="ArgumentException">The key or the element is too long, or the batch is full.</exception>
    public MapBatch Remove(string key, string element) => With(MapChange.Remove(MapKeys.Path(key, element)));

    /// <summary>Raises a flag. <see cref="Remove(string)"/> lowers it.</summary>
    /// <param name="key">The key.</param>
    /// <returns>This batch.</returns>
    /// <exception cref="ArgumentException">The key is too long, or the batch is full.</exception>
    public MapBatch Raise(string key) => With(MapChange.Set(MapKeys.Path(key), RowKind.Flag, default));

    /// <summary>Sets a field beneath a key; see <see cref="GossipMap.Field"/>.</summary>
    /// <param name="key">The key.</param>
    /// <param name="field">The name of the field.</param>
    /// <param name="value">The value. It must not change until the batch has been written.</param>
    /// <returns>This batch.</returns>
    /// <exception cref="ArgumentException">Key, field or value is too long, or the batch is full.</exception>
    public MapBatch SetField(string key, string field, ReadOnlyMemory<byte> value) =>
        With(MapChange.Set(MapKeys.Field(key, field), RowKind.Register, MapKeys.Checked(value)));

    /// <summary>Sets a field that expires.</summary>
    /// <param name="key">The key.</param>
    /// <param name="field">The name of the field.</param>
    /// <param name="value">The value. It must not change until the batch has been written.</param>
    /// <param name="timeToLive">How long it lives from when the batch is written on, from 1 ms to 100 years.</param>
    /// <returns>This batch.</returns>
    /// <exception cref="ArgumentException">Key, field or value is too long, or the batch is full.</exception>
    public MapBatch SetField(string key, string field, ReadOnlyMemory<byte> value, TimeSpan timeToLive)
    {
        SetField(key, field, value);
        _lives[_changes.Count - 1] = timeToLive;
        return this;
    }

    /// <summary>Removes a field and everything beneath it.</summary>
    /// <param name="key">The key.</param>
    /// <param name="field">The name of the field.</param>
    /// <returns>This batch.</returns>
    /// <exception cref="ArgumentException">Key or field is too long, or the batch is full.</exception>
    public MapBatch RemoveField(string key, string field) => With(MapChange.Remove(MapKeys.Field(key, field)));

    /// <summary>Adds to the counter of a field.</summary>
    /// <param name="key">The key.</param>
    /// <param name="field">The name of the field.</param>
    /// <param name="amount">The amount; negative to subtract.</param>
    /// <returns>This batch.</returns>
    /// <exception cref="ArgumentException">Key or field is too long, or the batch is full.</exception>
    public MapBatch IncrementField(string key, string field, long amount = 1) =>
        With(MapChange.Increment(MapKeys.Field(key, field), MapKeys.Checked(amount)));

    private MapBatch With(MapChange change)
    {
        var bytes = change.Path.Bytes.Length + change.Value.Length;
        if (_changes.Count == MapOptions.LargestBatch || Bytes + bytes > MapKeys.MostBatchBytes)
        {
            throw new ArgumentException(
                $"A batch has at most {MapOptions.LargestBatch} changes with {MapOptions.LargestBatchBytes:N0} bytes.");
        }

        Bytes += bytes;
        _changes.Add(change);
        return this;
    }
}
