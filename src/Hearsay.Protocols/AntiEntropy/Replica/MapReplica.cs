using System.Collections.Immutable;
using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Rows;
using Hearsay.Protocols.AntiEntropy.Sketch;

namespace Hearsay.Protocols.AntiEntropy.Replica;

/// <summary>
/// One replica of a map: rows that events have written, and a causal context that says which events were seen. It is
/// told of writes, of events of others and of the parts of an exchange, and commits each of them to its store.
/// </summary>
/// <remarks>
/// <para>What holds after every step: a row is here exactly if its event was seen and no event that was seen has
/// replaced it. So equal contexts mean equal rows, and a row that a context covers and that is not there was
/// removed.</para>
/// <para>Two rules keep it so. An event is applied only if the context covers everything that it replaces. And the
/// context grows only in the transaction that applies what it covers.</para>
/// <para>It opens no file and sends nothing: the store is handed in, and what leaves is handed out by
/// <see cref="Sync"/>. Not thread safe.</para>
/// </remarks>
internal sealed partial class MapReplica
{
    private readonly IReplicaStore _store;
    private readonly ReplicaOptions _options;
    private readonly IEpochSource _epochs;

    /// <summary>What is committed and not durable, the oldest first.</summary>
    private readonly Queue<ReplicaDraft> _pending = new();
    private readonly List<ExchangeSession> _sessions = [];
    private RowIndex _index;
    private ReplicaClaims _claims = ReplicaClaims.Empty;

    /// <summary>What is claimed of the durable rows, and how many they are.</summary>
    private ReplicaClaims _told = ReplicaClaims.Empty;
    private int _toldRows;
    private int _logged;
    private EpochId? _epoch;
    private ulong _sequence;

    private MapReplica(NodeId node, IReplicaStore store, ReplicaOptions options, IEpochSource epochs)
    {
        (Node, _store, _options, _epochs) = (node, store, options, epochs);
        _index = new RowIndex(new SketchPrefix(options.SketchKey, options.SketchCells));
    }

    /// <summary>Whose replica it is.</summary>
    public NodeId Node { get; }

    /// <summary>The events that it has seen.</summary>
    public CausalContext Context => _claims.Context;

    /// <summary>
    /// Whether its context was proven at the opening and no damage was met since: what it does not have and has seen
    /// was removed.
    /// </summary>
    public bool IsTrusted => _claims.IsTrusted;

    /// <summary>The sum of the digests of its rows.</summary>
    public UInt128 Root => _index.Root;

    /// <summary>The sketch of its rows.</summary>
    public SketchPrefix Sketch => _index.Sketch;

    /// <summary>Its rows without their values, in no particular order.</summary>
    public IEnumerable<RowEntry> Rows => _index.All;

    /// <summary>The latest removals, the oldest first.</summary>
    public ImmutableQueue<LoggedRemoval> Log => _claims.Log;

    /// <summary>The log has all removals for whoever covers this.</summary>
    public CausalContext LogFloor => _claims.LogFloor;

    /// <summary>Whether something was committed that is not durable yet.</summary>
    public bool IsDirty => _pending.Count > 0;

    /// <summary>The number of the last transaction; they are counted from the opening on.</summary>
    public long Committed { get; private set; }

    /// <summary>
    /// What peers may be told: the claims of what is durable. Null while the news that a row is damaged is not
    /// durable, since what was claimed before does not hold any more.
    /// </summary>
    public ReplicaClaims? Told => _told.IsTrusted && !IsTrusted ? null : _told;

    /// <summary>How many rows are durable.</summary>
    public int ToldRows => _toldRows;

    /// <summary>The epoch of its writes; none before the first write after the opening.</summary>
    public EpochId? Epoch => _epoch;

    /// <summary>Its own events that wait for a sync.</summary>
    public IReadOnlyList<MapEvent> Unsynced => [.. _pending.Select(static draft => draft.Own).OfType<MapEvent>()];

    /// <summary>What a peer is told at the start of an exchange, if that is durable.</summary>
    public ReplicaSummary Summary => new(Node, Context, IsTrusted, Root, _index.Count);

    /// <summary>What it counts.</summary>
    public ReplicaCounters Counters { get; } = new();

    /// <summary>
    /// Opens a store. Every row is read and the root is made of what was read; nothing that was stored about them is
    /// believed before. If the two disagree, the replica is not trusted.
    /// </summary>
    /// <param name="node">Whose replica it is.</param>
    /// <param name="store">Its rows; nobody else may use it.</param>
    /// <param name="options">The secret and the bounds.</param>
    /// <param name="epochs">Numbers its writes.</param>
    public static MapReplica Open(NodeId node, IReplicaStore store, ReplicaOptions options, IEpochSource epochs)
    {
        var replica = new MapReplica(node, store, options, epochs);
        replica.Load();
        return replica;
    }

    /// <summary>
    /// One row with its value. A row that is named and cannot be read as it was written ends trust at once.
    /// </summary>
    /// <returns>False if there is no such row any more, or if it is damaged.</returns>
    public bool TryRead(RowClaim claim, out MapRow row)
    {
        if (!_index.TryFind(claim, out var entry))
        {
            row = null!;
            return false;
        }

        if (IsIntact(entry, out row))
        {
            return true;
        }

        Distrust([]);
        return false;
    }

    /// <summary>Rows of a key and beneath it, in no particular order.</summary>
    public ReadOnlySpan<RowEntry> RowsOf(RowPath path) => _index.OfKey(path);

    private void Load()
    {
        var stored = _store.Load();
        _claims = stored.Claims;
        _logged = _claims.Log.Count();
        _index.Expect(stored.AboutRows);
        var damaged = new List<RowClaim>();
        foreach (var (row, digest) in stored.Rows)
        {
            var entry = row.ToEntry(_options.Digester.Of(row));
            if (entry.Digest == digest)
            {
                _index.Add(entry);
            }
            else
            {
                damaged.Add(entry.Claim);
            }
        }

        (_told, _toldRows) = (_claims, _index.Count);
        if (damaged.Count > 0 || _index.Root != _claims.Root)
        {
            Distrust(damaged);
        }
    }

    private bool IsIntact(in RowEntry entry, out MapRow row) =>
        _store.TryRead(entry.Claim, out row) && _options.Digester.Of(row) == entry.Digest;

    /// <summary>Commits a draft, and only then changes what is in memory.</summary>
    private bool Commit(ReplicaDraft draft)
    {
        var root = _index.Root;
        foreach (var (_, digest) in draft.Added)
        {
            root = unchecked(root + digest);
        }

        foreach (var entry in draft.Dropped)
        {
            root = unchecked(root - entry.Digest);
        }

        var (log, floor, logged, cut) = (_claims.Log, draft.LogFloor ?? _claims.LogFloor, _logged, 0);
        for (var i = 0; i < draft.Logged.Count; i++)
        {
            log = log.Enqueue(draft.Logged[i]);
            if (++logged > _options.LogLength)
            {
                log = log.Dequeue(out var oldest);
                floor = floor.WithAll(oldest.Dot.Epoch, oldest.Dot.Sequence);
                (logged, cut) = (logged - 1, cut + 1);
            }
        }

        KeepForSnapshots(draft.Dropped);
        var claims = new ReplicaClaims(draft.Context, draft.IsTrusted ?? IsTrusted, root, log, floor);
        IReadOnlyList<RowClaim> dropped = draft.Dropped.Count == 0 ? [] : new ClaimsOf(draft.Dropped);
        if (!_store.Commit(new(draft.Added, dropped, claims, new LogChange(draft.Logged, cut))))
        {
            Counters.StoreFailures++;
            return false;
        }

        (draft.Before, draft.LoggedBefore, draft.After, draft.Commit) = (_claims, _logged, claims, ++Committed);
        (_claims, _logged) = (claims, logged);
        Index(draft);
        draft.RowsAfter = _index.Count;
        _pending.Enqueue(draft);
        return true;
    }

    /// <summary>
    /// What a draft has done, in memory. A row that replaces the next one that goes takes its place, as in overwrites.
    /// </summary>
    private void Index(ReplicaDraft draft)
    {
        var gone = 0;
        foreach (var (row, digest) in draft.Added)
        {
            if (gone < draft.Dropped.Count && _index.TryReplace(draft.Dropped[gone].Claim, row.ToEntry(digest)))
            {
                gone++;
            }
            else
            {
                _index.Add(row.ToEntry(digest));
            }
        }

        for (; gone < draft.Dropped.Count; gone++)
        {
            _index.Remove(draft.Dropped[gone].Claim);
        }
    }
}
