using System.Globalization;
using Hearsay.Protocols.AntiEntropy.Replica;
using Hearsay.Protocols.AntiEntropy.Rows;

namespace Hearsay.Features.Maps;

/// <summary>What a node does not write. What others have written it takes in any case.</summary>
internal static class MapLimits
{
    /// <summary>
    /// What may be under one key: elements, fields and what is in them, shares of counters. Each change of a key reads
    /// all of it. A batch may lead beyond it once.
    /// </summary>
    public const int MostOfKey = 4_096;

    /// <summary>Why a write is refused; null if it is not. Inside the loop.</summary>
    public static InvalidOperationException? WhyRefused(
        MapOptions options, PublishedStore store, IReadOnlyList<MapChange> changes)
    {
        var (keys, bytes, beyond, crowded) = (0, 0L, (string?)null, (string?)null);
        for (var i = 0; i < changes.Count; i++)
        {
            if (changes[i] is not { Kind: { } kind } change)
            {
                continue; // Removals are always taken.
            }

            var entry = store.Find(change.Path);
            keys += entry is null ? 1 : 0;
            bytes += change.Path.Bytes.Length + change.Value.Length;
            beyond ??= WhyBeyond(entry, change, kind);
            crowded ??= WhyCrowded(entry, change, kind);
        }

        return (WhyFull(options, store, keys, bytes) ?? crowded) is { } full ? new InvalidOperationException(full)
            : beyond is not null ? new CounterRangeException(beyond) : null;
    }

    /// <summary>Why a map takes no more; null if it does.</summary>
    private static string? WhyFull(MapOptions options, PublishedStore store, int keys, long bytes) =>
        // What is on its way to the disk may be new keys.
        keys > 0 && store.KeyCount + store.PendingRows + keys > options.MaximumKeys
            ? string.Create(CultureInfo.InvariantCulture, $"The map has {store.KeyCount:N0} keys, and "
                + $"MaximumKeys is {options.MaximumKeys:N0}.")
            : bytes > 0 && store.Bytes + store.PendingBytes + bytes > options.MaximumBytes
            ? string.Create(CultureInfo.InvariantCulture, $"The map has {store.Bytes:N0} bytes, this write adds up to "
                + $"{bytes:N0}, and MaximumBytes is {options.MaximumBytes:N0}.")
            : null;

    /// <summary>Why a counter would go beyond 64 bits; null if it does not. One that is there may come back.</summary>
    private static string? WhyBeyond(MapEntry? entry, MapChange change, RowKind kind) => kind == RowKind.Share
        && (entry?.SumAt(change.Path) ?? 0) + change.Amount is var sum
        && (change.Amount > 0 ? sum > long.MaxValue : sum < long.MinValue)
            ? string.Create(
                CultureInfo.InvariantCulture, $"The counter would be {sum}, which is beyond the range of 64 bits.")
            : null;

    /// <summary>Why a key takes no more; null if it does. What is there already may change.</summary>
    private static string? WhyCrowded(MapEntry? entry, MapChange change, RowKind kind) =>
        entry is { RowCount: >= MostOfKey and var count } && !entry.Has(change.Path, kind)
            ? string.Create(
                CultureInfo.InvariantCulture, $"There are {count:N0} elements, fields and parts of counters under the "
                + $"key, and at most {MostOfKey:N0} may be. Use several keys.")
            : null;
}
