using System.Collections.Concurrent;
using System.Collections.Immutable;
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
/// A write changes the key only. Whoever asks for the ordered state brings it up to date, and the loop does not wait
/// for that.
/// </remarks>
/// <param name="part">The map in the journal; null if it is kept in memory only.</param>
internal sealed class PublishedStore(JournalPart? part) : IReplicaStore
{
    private readonly ConcurrentDictionary<string, MapKeyState> _keys = new(StringComparer.Ordinal);

    /// <summary>Held while the state is put in order; taken before the gate. Guards <see cref="_state"/>.</summary>
    private readonly Lock _ordering = new();

    /// <summary>Held for moments. Guards the changes, the watchers and the sums.</summary>
    private readonly Lock _gate = new();

    /// <summary>Keys that have changed since the state was put in order; null before anybody asked for it.</summary>
    private Dictionary<string, MapKeyState>? _unordered;

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
    private MapSubscription[] _watchers = [];

    /// <summary>The map as it is now. Any thread.</summary>
    public MapState State => Order(watcher: null);

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
        if (part?.Load() is not { } stored)
        {
            return new StoredReplica([], ReplicaClaims.Empty);
        }

        // While one thread reads and shows, the replica proves what was read.
        return stored with { Rows = ReadAhead.Of(stored.Rows.Select(row =>
        {
            ShowLoaded(row.Key);
            return row;
        })) };
    }

    /// <summary>Shows a row that was read. Before the loop runs.</summary>
    private void ShowLoaded(MapRow row)
    {
        var text = KeyNames.Of(row.Path);
        Put(text, _keys.TryGetValue(text, out var before)
            ? before.With([], [new(row, 0)]) : new MapKeyState(row.Path.Key, text, [row]));
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
    public MapState Watch(MapSubscription watcher) => Order(watcher);

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
            ChangeMany(changes, dropped, added);
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

    private void ChangeMany(
        List<MapKeyState> changes, IReadOnlyList<RowClaim> dropped,
        IReadOnlyList<KeyValuePair<MapRow, UInt128>> added)
    {
        var keys = new Dictionary<string, (RowPath Key, List<MapRow> Rows)>(StringComparer.Ordinal);
        foreach (var claim in dropped)
        {
            RowsOf(keys, claim.Path).RemoveAll(row => row.Dot == claim.Dot && row.Path.Equals(claim.Path));
        }

        foreach (var (row, _) in added)
        {
            RowsOf(keys, row.Path).Add(row);
        }

        foreach (var (text, (key, rows)) in keys)
        {
            changes.Add(new MapKeyState(key, text, rows));
        }
    }

    private List<MapRow> RowsOf(Dictionary<string, (RowPath Key, List<MapRow> Rows)> keys, RowPath path)
    {
        var text = KeyNames.Of(path);
        if (!keys.TryGetValue(text, out var found))
        {
            var before = _keys.GetValueOrDefault(text);
            found = (before?.Path ?? path.Key, new List<MapRow>((before?.Rows.Count ?? 0) + 1));
            found.Rows.AddRange(before?.Rows ?? []);
            keys.Add(text, found);
        }

        return found.Rows;
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

        if (_unordered is not null)
        {
            _unordered[text] = key;
        }
    }

    /// <summary>The state of this moment; a watcher gets every change after it.</summary>
    private MapState Order(MapSubscription? watcher)
    {
        lock (_ordering)
        {
            MapKeyState[] changed = [];
            long bytes;
            int expiring;
            lock (_gate)
            {
                (bytes, expiring) = (_bytes, _expiring);
                if (_unordered is null || _unordered.Count > 0)
                {
                    changed = _unordered is null ? [.. _keys.Values] : [.. _unordered.Values];
                    _unordered = new(StringComparer.Ordinal);
                }

                _watchers = watcher is null ? _watchers : [.. _watchers, watcher];
            }

            if (changed.Length > 0)
            {
                _state = new MapState(WithChanges(_state.Keys, changed), bytes, expiring);
            }

            return _state;
        }
    }

    private static ImmutableSortedSet<MapKeyState> WithChanges(
        ImmutableSortedSet<MapKeyState> keys, MapKeyState[] changed)
    {
        if (keys.IsEmpty)
        {
            return [.. changed.Where(static key => key.Rows.Count > 0)];
        }

        var builder = keys.ToBuilder();
        foreach (var key in changed)
        {
            builder.Remove(key);
            if (key.Rows.Count > 0)
            {
                builder.Add(key);
            }
        }

        return builder.ToImmutable();
    }
}
