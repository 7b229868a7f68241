using Hearsay.Features.Maps.Storage;
using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Replica;
using Hearsay.Protocols.AntiEntropy.Rows;
using Hearsay.Settings;

namespace Hearsay.Features.Maps;

/// <summary>
/// The rows of a map in memory, as the application sees them: keys and states for readers of any thread, and each
/// change for those who watch. With a journal it shows a change when it is durable, and without one at once.
/// </summary>
/// <remarks>
/// A write changes the key only. Whoever asks for the ordered state brings it up to date, and the loop does not wait
/// for that.
/// </remarks>
/// <param name="part">The map in the journal; null if it is kept in memory only.</param>
internal sealed class PublishedStore(JournalPart? part) : IReplicaStore
{
    /// <summary>After such a share of the rows of a store room is made for the others.</summary>
    private const int SampleShare = 16;

    /// <summary>Room for so many rows at most is made on the word of a store.</summary>
    private const int MostExpected = 1 << 23;

    private readonly KeyTable _keys = new();

    /// <summary>Held while the state is put in order; taken before the gate. Guards <see cref="_state"/>.</summary>
    private readonly Lock _ordering = new();

    /// <summary>Held for moments. Guards the changes, the watchers and the sums.</summary>
    private readonly Lock _gate = new();

    /// <summary>Keys that have changed since the state was put in order; null before anybody asked for it.</summary>
    private Dictionary<RowPath, MapEntry>? _unordered;

    /// <summary>Transactions that are not durable yet. Inside the loop.</summary>
    private readonly Queue<ReplicaTransaction> _pending = new();

    /// <summary>Their rows.</summary>
    private readonly Dictionary<RowClaim, MapRow> _pendingRows = [];
    private long _shown;
    private long _pendingBytes;
    private MapState _state = MapState.Empty;
    private long _bytes;
    private int _expiring;
    private long _missed;
    private int _isTelling;
    private MapSubscription[] _watchers = [];

    /// <summary>The map as it is now. Any thread.</summary>
    public MapState State => Order(watcher: null);

    /// <summary>The bytes of keys and values. Any thread.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Changes that watchers were told they missed. Any thread.</summary>
    public long Missed => Interlocked.Read(ref _missed);

    /// <summary>How many watch. Any thread.</summary>
    public int WatcherCount => Volatile.Read(ref _watchers).Length;

    /// <summary>How many keys there are. Any thread.</summary>
    public int KeyCount => _keys.Count;

    /// <summary>The rows that are on their way to the disk. Inside the loop.</summary>
    public int PendingRows => _pendingRows.Count;

    /// <summary>The bytes of their keys and values. Inside the loop.</summary>
    public long PendingBytes => _pendingBytes;

    /// <summary>Finds a key as it is now; null if it is not there. Any thread.</summary>
    /// <exception cref="ArgumentException">The key has a lone surrogate.</exception>
    public MapEntry? Find(string key)
    {
        if (_keys.Find(key) is { } found && !KeyNames.IsStandIn(key))
        {
            return found;
        }

        if (!StrictUtf8.CanEncode(key))
        {
            StrictUtf8.GetBytes(key, nameof(key)); // It says why not.
        }

        return null;
    }

    /// <summary>Finds the key of a path; null if it is not there. Any thread.</summary>
    public MapEntry? Find(RowPath path) => KeyNames.Find(_keys, path);

    /// <inheritdoc/>
    public StoredReplica Load()
    {
        if (part?.Load() is not { } stored)
        {
            return new StoredReplica([], ReplicaClaims.Empty);
        }

        // While one thread reads and shows, the replica proves what was read.
        var (rows, sampleAt) = (0L, Math.Min(stored.AboutRows, MostExpected) / SampleShare);
        return stored with { Rows = ReadAhead.Of(stored.Rows.Select(row =>
        {
            ShowLoaded(row.Key);
            if (++rows == sampleAt)
            {
                // Of all rows as many are of one key as of those so far.
                _keys.EnsureRoom(SampleShare * _keys.Count);
            }

            return row;
        })) };
    }

    /// <summary>Shows a row that was read. Before the loop runs.</summary>
    private void ShowLoaded(MapRow row)
    {
        var key = row.Path.Key;
        var entry = new MapEntry(key, KeyNames.Of(key), row);
        if (_keys.TryAdd(entry) is { } before)
        {
            Put(before.With([], [new(row, 0)]));
        }
        else
        {
            Count(entry, null);
        }
    }

    /// <inheritdoc/>
    public bool TryRead(RowClaim claim, out MapRow row)
    {
        if (_pendingRows.TryGetValue(claim, out row!))
        {
            return true;
        }

        if (Find(claim.Path) is { } key)
        {
            for (var i = 0; i < key.Rows.Count; i++)
            {
                row = key.Rows[i];
                if (row.Dot == claim.Dot && row.Path.Equals(claim.Path))
                {
                    return true;
                }
            }
        }

        row = null!;
        return false;
    }

    /// <inheritdoc/>
    public bool Commit(ReplicaTransaction transaction)
    {
        if (part is null)
        {
            Show(transaction.Dropped, transaction.Added);
            return true;
        }

        if (!part.TryAppend(transaction))
        {
            return false;
        }

        _pending.Enqueue(transaction);
        foreach (var (row, _) in transaction.Added)
        {
            _pendingRows[new RowClaim(row.Dot, row.Path)] = row;
            _pendingBytes += row.Path.Bytes.Length + row.Value.Length;
        }

        return true;
    }

    /// <inheritdoc/>
    public StoreProgress Sync()
    {
        if (part is null)
        {
            return StoreProgress.Done;
        }

        var progress = part.Progress();
        for (; _shown < progress.Durable && _pending.TryDequeue(out var transaction); _shown++)
        {
            foreach (var (row, _) in transaction.Added)
            {
                _pendingRows.Remove(new RowClaim(row.Dot, row.Path));
                _pendingBytes -= row.Path.Bytes.Length + row.Value.Length;
            }

            Show(transaction.Dropped, transaction.Added);
        }

        if (progress.State == SyncOutcome.Undone)
        {
            ForgetPending();
        }

        return progress;
    }

    /// <summary>Begins to watch; nothing happens between the state and the first change. Any thread.</summary>
    public MapState Watch(MapSubscription watcher) => Order(watcher);

    /// <summary>Nobody reads there any more. Any thread.</summary>
    public void Remove(MapSubscription watcher)
    {
        lock (_gate)
        {
            _watchers = [.. _watchers.Where(other => other != watcher)];
        }
    }

    /// <summary>
    /// The loop is to be told of news; false if it is on its way already. So a journal that is faster than the loop
    /// does not fill the queue of commands.
    /// </summary>
    public bool TryTell() => Interlocked.Exchange(ref _isTelling, 1) == 0;

    /// <summary>The loop looks now, or could not be told.</summary>
    public void Told() => Interlocked.Exchange(ref _isTelling, 0);

    /// <summary>Nothing changes any more.</summary>
    public void Complete(Exception? failure)
    {
        lock (_gate)
        {
            Array.ForEach(_watchers, watcher => watcher.Complete(failure));
        }
    }

    private void ForgetPending()
    {
        _pending.Clear();
        _pendingRows.Clear();
        _pendingBytes = 0;
    }

    private void Show(IReadOnlyList<RowClaim> dropped, IReadOnlyList<KeyValuePair<MapRow, UInt128>> added)
    {
        if (added.Count == 1 && (dropped.Count == 0 || (dropped.Count == 1
            && dropped[0].Path.Equals(added[0].Key.Path))))
        {
            var key = added[0].Key.Path.Key;
            Show(Find(key) is { } before
                ? before.With(dropped, added) : new MapEntry(key, KeyNames.Of(key), added[0].Key));
        }
        else
        {
            Show(Changed(dropped, added));
        }
    }

    private void Show(MapEntry change)
    {
        lock (_gate)
        {
            Put(change);
            if (_watchers.Length > 0)
            {
                Tell([change]);
            }
        }
    }

    private void Show(MapEntry[] changes)
    {
        lock (_gate)
        {
            foreach (var change in changes)
            {
                Put(change);
            }

            Tell(changes);
        }
    }

    private void Tell(MapEntry[] changes)
    {
        foreach (var watcher in _watchers)
        {
            _missed += watcher.Offer(changes);
        }
    }

    private MapEntry[] Changed(
        IReadOnlyList<RowClaim> dropped, IReadOnlyList<KeyValuePair<MapRow, UInt128>> added)
    {
        var keys = new Dictionary<RowPath, List<MapRow>>();
        foreach (var claim in dropped)
        {
            RowsOf(keys, claim.Path.Key).RemoveAll(row => row.Dot == claim.Dot && row.Path.Equals(claim.Path));
        }

        foreach (var (row, _) in added)
        {
            RowsOf(keys, row.Path.Key).Add(row);
        }

        return [.. keys.Select(key => new MapEntry(
            key.Key, Find(key.Key)?.Name ?? KeyNames.Of(key.Key), [.. key.Value]))];
    }

    private List<MapRow> RowsOf(Dictionary<RowPath, List<MapRow>> keys, RowPath key)
    {
        if (!keys.TryGetValue(key, out var rows))
        {
            keys[key] = rows = [.. Find(key)?.Rows ?? []];
        }

        return rows;
    }

    private void Put(MapEntry key)
    {
        Count(key, key.IsEmpty ? _keys.Remove(key.Name) : _keys.Put(key));
        if (_unordered is not null)
        {
            _unordered[key.Path] = key;
        }
    }

    /// <summary>A key has another entry than before.</summary>
    private void Count(MapEntry key, MapEntry? before)
    {
        Interlocked.Add(ref _bytes, key.SizeBytes - (before?.SizeBytes ?? 0));
        _expiring += (key.Expiry == long.MaxValue ? 0 : 1) - (before is null or { Expiry: long.MaxValue } ? 0 : 1);
    }

    /// <summary>The state of this moment; a watcher gets every change after it.</summary>
    private MapState Order(MapSubscription? watcher)
    {
        lock (_ordering)
        {
            MapEntry[] changed = [];
            long bytes;
            int expiring;
            lock (_gate)
            {
                (bytes, expiring) = (_bytes, _expiring);
                if (_unordered is null || _unordered.Count > 0)
                {
                    changed = _unordered is null ? [.. _keys.All] : [.. _unordered.Values];
                    _unordered = [];
                }

                _watchers = watcher is null ? _watchers : [.. _watchers, watcher];
            }

            if (changed.Length > 0)
            {
                _state = _state.With(changed, bytes, expiring);
            }

            return _state;
        }
    }
}
