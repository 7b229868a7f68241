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
    public long Offer(IReadOnlyList<MapKeyState> changes)
    {
        var missed = 0L;
        foreach (var change in changes)
        {
            if (change.Path.Bytes.StartsWith(prefix) && !_watch.Offer(Update(change, isState: false)))
            {
                missed++;
            }
        }

        return missed;
    }

    /// <summary>Nothing changes any more.</summary>
    public void Complete(Exception? failure) => _watch.Complete(failure);

    /// <summary>What the reader gets of a key.</summary>
    public static MapUpdate Update(MapKeyState key, bool isState)
    {
        var entry = key.Entry;
        return new MapUpdate { Key = entry.Key, Entry = key.Rows.Count > 0 ? entry : null, IsState = isState };
    }
}
