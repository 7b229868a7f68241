using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Replica;
using Hearsay.Protocols.AntiEntropy.Rows;

namespace Hearsay.Features.Maps;

/// <summary>
/// The store of a map, which shows everything that is committed to the application: the state for readers of any thread,
/// and each change for those who watch.
/// </summary>
internal sealed class PublishedStore(IReplicaStore inner) : IReplicaStore
{
    private readonly Lock _gate = new();
    private volatile MapState _state = MapState.Empty;
    private MapSubscription[] _watchers = [];

    /// <summary>The map as it is now. Any thread.</summary>
    public MapState State => _state;

    /// <summary>Changes that watchers were told they missed.</summary>
    public long Missed { get; private set; }

    /// <inheritdoc/>
    public StoredReplica Load()
    {
        var loaded = inner.Load();
        var rows = loaded.Rows.ToArray();
        Show([], [.. rows.Select(static row => row.Key)]);
        return loaded with { Rows = rows };
    }

    /// <inheritdoc/>
    public bool TryRead(RowClaim claim, out MapRow row) => inner.TryRead(claim, out row);

    /// <inheritdoc/>
    public bool Commit(ReplicaTransaction transaction)
    {
        if (!inner.Commit(transaction))
        {
            return false;
        }

        Show(transaction.Dropped, [.. transaction.Added.Select(static row => row.Key)]);
        return true;
    }

    /// <inheritdoc/>
    public bool Sync() => inner.Sync();

    /// <summary>Begins to watch; nothing happens between the state and the first change. Any thread.</summary>
    public MapState Watch(MapSubscription watcher)
    {
        lock (_gate)
        {
            _watchers = [.. _watchers, watcher];
            return _state;
        }
    }

    /// <summary>How many watch. Any thread.</summary>
    public int WatcherCount => Volatile.Read(ref _watchers).Length;

    /// <summary>Nobody reads there any more. Any thread.</summary>
    public void Remove(MapSubscription watcher)
    {
        lock (_gate)
        {
            _watchers = [.. _watchers.Where(other => other != watcher)];
        }
    }

    /// <summary>Nothing changes any more.</summary>
    public void Complete(Exception? failure)
    {
        lock (_gate)
        {
            Array.ForEach(_watchers, watcher => watcher.Complete(failure));
        }
    }

    private void Show(IReadOnlyList<RowClaim> dropped, IReadOnlyList<MapRow> added)
    {
        var gone = dropped.ToHashSet();
        var rows = added.ToLookup(static row => row.Path.Key);
        var (keys, bytes) = (_state.Keys.ToBuilder(), _state.Bytes);
        var changes = new List<MapKeyState>();
        foreach (var key in dropped.Select(static claim => claim.Path.Key).Concat(rows.Select(static key => key.Key))
            .Distinct())
        {
            var path = key.Bytes.ToArray();
            var before = keys.TryGetValue(new MapKeyState(path, []), out var found) && found.Rows.Count > 0
                ? found : new MapKeyState(path, []);
            var after = before.With(gone, rows[key]);
            keys.Remove(before);
            if (after.Rows.Count > 0)
            {
                keys.Add(after);
            }

            bytes += after.Bytes - before.Bytes;
            changes.Add(after);
        }

        lock (_gate)
        {
            _state = new MapState(keys.ToImmutable(), bytes);
            foreach (var watcher in _watchers)
            {
                Missed += watcher.Offer(changes);
            }
        }
    }
}
