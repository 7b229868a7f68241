using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Replica;
using Hearsay.Protocols.AntiEntropy.Rows;

namespace Hearsay.Features.Maps;

/// <summary>
/// The store of a map, which shows everything that is committed to the application: keys and states for readers of any
/// thread, and each change for those who watch.
/// </summary>
/// <remarks>
/// A write changes the key only. The ordered state is brought up to date when somebody asks for it, or when many keys
/// have changed.
/// </remarks>
internal sealed class PublishedStore(IReplicaStore inner) : IReplicaStore
{
    /// <summary>So many changes are put in order at once.</summary>
    private const int MostPending = 4_096;

    private readonly ConcurrentDictionary<RowPath, MapKeyState> _keys = [];
    private readonly Lock _gate = new();
    private readonly List<MapKeyState> _pending = [];
    private MapState _state = MapState.Empty;
    private long _bytes;
    private long _missed;
    private MapSubscription[] _watchers = [];

    /// <summary>The map as it is now. Any thread.</summary>
    public MapState State
    {
        get
        {
            lock (_gate)
            {
                return Ordered();
            }
        }
    }

    /// <summary>The bytes of keys and values. Any thread.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Changes that watchers were told they missed. Any thread.</summary>
    public long Missed => Interlocked.Read(ref _missed);

    /// <summary>How many watch. Any thread.</summary>
    public int WatcherCount => Volatile.Read(ref _watchers).Length;

    /// <summary>How many keys there are. Inside the loop.</summary>
    public int KeyCount { get; private set; }

    /// <summary>Finds a key as it is now. Any thread.</summary>
    public bool TryFind(RowPath path, [NotNullWhen(true)] out MapKeyState? found) =>
        _keys.TryGetValue(path, out found);

    /// <inheritdoc/>
    public StoredReplica Load()
    {
        var loaded = inner.Load();
        var rows = loaded.Rows.ToArray();
        Show([], rows);
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

        Show(transaction.Dropped, transaction.Added);
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
            return Ordered();
        }
    }

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

    private void Show(IReadOnlyList<RowClaim> dropped, IReadOnlyList<KeyValuePair<MapRow, UInt128>> added)
    {
        var changes = new List<MapKeyState>(1);
        if (dropped.Count + added.Count <= 2)
        {
            Change(changes, dropped, added);
        }
        else
        {
            var rows = added.ToLookup(static row => row.Key.Path.Key);
            var gone = dropped.ToLookup(static claim => claim.Path.Key);
            foreach (var key in rows.Select(static of => of.Key).Concat(gone.Select(static of => of.Key)).Distinct())
            {
                changes.Add(After(key, [.. gone[key]], [.. rows[key]]));
            }
        }

        lock (_gate)
        {
            foreach (var change in changes)
            {
                Put(change);
            }

            foreach (var watcher in _watchers)
            {
                _missed += watcher.Offer(changes);
            }

            if (_pending.Count >= MostPending)
            {
                Ordered();
            }
        }
    }

    /// <summary>One key, as a rule: an overwrite drops a row and adds one.</summary>
    private void Change(
        List<MapKeyState> changes, IReadOnlyList<RowClaim> dropped,
        IReadOnlyList<KeyValuePair<MapRow, UInt128>> added)
    {
        for (var i = 0; i < dropped.Count + added.Count; i++)
        {
            var key = (i < added.Count ? added[i].Key.Path : dropped[i - added.Count].Path).Key;
            if (!changes.Exists(change => change.Path.Equals(key)))
            {
                changes.Add(After(key, dropped, added));
            }
        }
    }

    private MapKeyState After(
        RowPath key, IReadOnlyList<RowClaim> dropped, IReadOnlyList<KeyValuePair<MapRow, UInt128>> added) =>
        (_keys.TryGetValue(key, out var before) ? before : new MapKeyState(key, [])).With(dropped, added);

    private void Put(MapKeyState key)
    {
        var before = _keys.TryGetValue(key.Path, out var found) ? found : null;
        Interlocked.Add(ref _bytes, key.Bytes - (before?.Bytes ?? 0));
        KeyCount += (key.Rows.Count > 0 ? 1 : 0) - (before is null ? 0 : 1);
        if (key.Rows.Count > 0)
        {
            _keys[key.Path] = key;
        }
        else
        {
            _keys.TryRemove(key.Path, out _);
        }

        _pending.Add(key);
    }

    /// <summary>The state with all changes. Under the gate.</summary>
    private MapState Ordered()
    {
        if (_pending.Count > 0)
        {
            var keys = _state.Keys.ToBuilder();
            foreach (var key in _pending)
            {
                keys.Remove(key);
                if (key.Rows.Count > 0)
                {
                    keys.Add(key);
                }
            }

            _pending.Clear();
            _state = new MapState(keys.ToImmutable(), _bytes);
        }

        return _state;
    }
}
