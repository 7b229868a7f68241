using Hearsay.Watching;

namespace Hearsay.Features.Maps;

/// <summary>One reader of the changes of a map.</summary>
/// <param name="prefix">What the keys that it reads begin with.</param>
/// <param name="capacity">How many changes may wait.</param>
internal sealed class MapSubscription(byte[] prefix, int capacity)
{
    private readonly Watch<MapUpdate> _watch =
        new(capacity, static missed => new MapUpdate { Missed = missed });

    /// <summary>The changes in order.</summary>
    public IAsyncEnumerable<MapUpdate> ReadAsync(CancellationToken cancellation) => _watch.ReadAsync(cancellation);

    /// <summary>Keys have changed.</summary>
    /// <returns>How many of them the reader has missed.</returns>
    public long Offer(IReadOnlyList<MapEntry> changes)
    {
        var missed = 0L;
        foreach (var change in changes)
        {
            if (change.Path.Bytes.StartsWith(prefix) && !_watch.Offer(Update(change)))
            {
                missed++;
            }
        }

        return missed;
    }

    /// <summary>Nothing changes any more.</summary>
    public void Complete(Exception? failure) => _watch.Complete(failure);

    private static MapUpdate Update(MapEntry key) =>
        new() { Key = key.Key, Entry = key.IsEmpty ? null : key };
}
