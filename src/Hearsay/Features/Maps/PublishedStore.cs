using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Hearsay.Features.Maps.Storage;
using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Replica;
using Hearsay.Protocols.AntiEntropy.Rows;

namespace Hearsay.Features.Maps;

/// <summary>
/// The rows of a map in memory, as the application sees them: keys and states for readers of any thread, and each
/// change for those who watch. With a journal it shows a change when it is durable, and without one at once.
/// </summary>
/// <remarks>
/// A write changes the key only. The ordered state is brought up to date when somebody asks for it, or when many keys
/// have changed.
/// </remarks>
/// <param name="part">The map in the journal; null if it is kept in memory only.</param>
internal sealed class PublishedStore(JournalPart? part) : IReplicaStore
{
    /// <summary>So many changes are put in order at once.</summary>
    private const int MostUnordered = 4_096;

    private static readonly StoredReplica s_nothing = new([], ReplicaClaims.Empty);

    private readonly ConcurrentDictionary<string, MapKeyState> _keys = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private readonly Dictionary<string, MapKeyState> _unordered = new(StringComparer.Ordinal);

    /// <summary>Transactions that are not durable yet. Inside the loop.</summary>
    private readonly Queue<ReplicaTransaction> _pending = new();

    /// <summary>Their rows.</summary>
    private readonly Dictionary<RowClaim, MapRow> _pendingRows = [];

    /// <summary>What was read from the store, until the replica has it.</summary>
    private StoredReplica _stored = s_nothing;
    private long _shown;
    private long _pendingBytes;
    private MapState _state = MapState.Empty;
    private long _bytes;
    private int _expiring;
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

    /// <summary>The rows that are on their way to the disk. Inside the loop.</summary>
    public int PendingRows => _pendingRows.Count;

    /// <summary>The bytes of their keys and values. Inside the loop.</summary>
    public long PendingBytes => _pendingBytes;

    /// <summary>Finds a key as it is now. Any thread.</summary>
    public bool TryFind(string key, [NotNullWhen(true)] out MapKeyState? found) => _keys.TryGetValue(key, out found);

    /// <inheritdoc/>
    public StoredReplica Load()
    {
        var stored = _stored;
        _stored = s_nothing;
        return stored;
    }

    /// <summary>Reads what the store has of the map, and shows it. Before the loop runs.</summary>
    /// <exception cref="IOException">The store is damaged.</exception>
    public void ReadStore()
    {
        var loaded = part!.Load();
        var rows = new List<KeyValuePair<MapRow, UInt128>>();
        foreach (var row in loaded.Rows)
        {
            rows.Add(row);
            Show([], [row]);
        }

        _stored = loaded with { Rows = rows };
    }

    /// <inheritdoc/>
    public bool TryRead(RowClaim claim, out MapRow row)
    {
        if (_pendingRows.TryGetValue(claim, out row!))
        {
            return true;
        }

        if (_keys.TryGetValue(KeyNames.Of(claim.Path), out var key))
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

    private void ForgetPending()
    {
        _pending.Clear();
        _pendingRows.Clear();
        _pendingBytes = 0;
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
                Put(change.Text, change);
            }

            foreach (var watcher in _watchers)
            {
                _missed += watcher.Offer(changes);
            }

            if (_unordered.Count >= MostUnordered)
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
            var path = i < added.Count ? added[i].Key.Path : dropped[i - added.Count].Path;
            if (!changes.Exists(change => path.IsWithin(change.Path)))
            {
                changes.Add(After(path.Key, dropped, added));
            }
        }
    }

    private MapKeyState After(
        RowPath key, IReadOnlyList<RowClaim> dropped, IReadOnlyList<KeyValuePair<MapRow, UInt128>> added) =>
        _keys.TryGetValue(KeyNames.Of(key), out var before)
            ? before.With(dropped, added) : new MapKeyState(key, KeyNames.Of(key), []).With(dropped, added);

    private void Put(string text, MapKeyState key)
    {
        var before = _keys.TryGetValue(text, out var found) ? found : null;
        Interlocked.Add(ref _bytes, key.Bytes - (before?.Bytes ?? 0));
        KeyCount += (key.Rows.Count > 0 ? 1 : 0) - (before is null ? 0 : 1);
        _expiring += (key.Expiry == long.MaxValue ? 0 : 1) - (before is null or { Expiry: long.MaxValue } ? 0 : 1);
        if (key.Rows.Count > 0)
        {
            _keys[text] = key;
        }
        else
        {
            _keys.TryRemove(text, out _);
        }

        _unordered[text] = key;
    }

    /// <summary>The state with all changes. Under the gate.</summary>
    private MapState Ordered()
    {
        if (_unordered.Count > 0)
        {
            var keys = _state.Keys.ToBuilder();
            foreach (var key in _unordered.Values)
            {
                keys.Remove(key);
                if (key.Rows.Count > 0)
                {
                    keys.Add(key);
                }
            }

            _unordered.Clear();
            _state = new MapState(keys.ToImmutable(), _bytes, _expiring);
        }

        return _state;
    }
}
