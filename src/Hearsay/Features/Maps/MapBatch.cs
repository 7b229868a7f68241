using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Hearsay.Features.Maps;
using Hearsay.Protocols.AntiEntropy.Replica;
using Hearsay.Protocols.AntiEntropy.Rows;
using Hearsay.Settings;

namespace Hearsay;

/// <summary>
/// Changes that <see cref="GossipMap.WriteAsync"/> does at once: other nodes see all of them or none, except for those
/// that were replaced since.
/// </summary>
/// <remarks>
/// At most <see cref="MapOptions.LargestBatch"/> changes with <see cref="MapOptions.LargestBatchBytes"/> bytes of keys
/// and values together, and at most one for each key, element or counter. Not thread safe.
/// </remarks>
public sealed class MapBatch
{
    private readonly List<MapChange> _changes = [];

    /// <summary>The number of changes.</summary>
    public int Count => _changes.Count;

    /// <summary>The bytes of keys and values so far.</summary>
    internal long Bytes { get; private set; }

    /// <summary>The changes.</summary>
    internal IReadOnlyList<MapChange> Changes => _changes;

    /// <summary>Sets a value; see <see cref="GossipMap.SetAsync(string, ReadOnlyMemory{byte}, WriteConcern?,
    /// CancellationToken)"/>.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value. It must not change until the batch has been written.</param>
    /// <returns>This batch.</returns>
    /// <exception cref="ArgumentException">A key or value is too long, or the batch is full.</exception>
    public MapBatch Set(string key, ReadOnlyMemory<byte> value) =>
        With(MapChange.Set(MapKeys.Path(key), RowKind.Register, MapKeys.Checked(value)));

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
