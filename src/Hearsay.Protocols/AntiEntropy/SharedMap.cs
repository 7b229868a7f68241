using System.Text;
using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Exchange;
using Hearsay.Protocols.AntiEntropy.Replica;
using Hearsay.Protocols.AntiEntropy.Rows;

namespace Hearsay.Protocols.AntiEntropy;

/// <summary>One map of a node: its replica, and what is going on with it.</summary>
internal sealed class SharedMap
{
    private readonly IMapStores _stores;
    private readonly ReplicaOptions _options;
    private readonly List<MapEvent> _leaving = [];

    /// <summary>Who waits for a write of this node to be durable, in the order of the writes.</summary>
    private readonly Queue<(long Commit, Dot Dot, Action<WriteOutcome, Dot>? Done)> _writers = new();
    private readonly SortedDictionary<EpochId, ulong> _written = [];
    private (CausalContext Context, UInt128 Hash)? _hashedNow;
    private (CausalContext Context, UInt128 Hash)? _hashedTold;
    private CausalContext? _settling;
    private Instant _settlingAt = Instant.Zero;
    private int _events;
    private long _trustLost;
    private long _storeFailures;
    private long _contextsRefused;

    public SharedMap(string name, NodeId node, IMapStores stores, ReplicaOptions options)
    {
        (Name, NameBytes, _stores, _options) = (name, Encoding.UTF8.GetBytes(name), stores, options);
        Replica = MapReplica.Open(node, stores.Open(name), options, stores);
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Its name in UTF-8.</summary>
    public byte[] NameBytes { get; }

    /// <summary>What this node has of it.</summary>
    public MapReplica Replica { get; private set; }

    /// <summary>The exchange that this node began; null if there is none.</summary>
    public PullExchange? Pull { get; set; }

    /// <summary>The peer that told of a difference last while that went on; it is asked next.</summary>
    public (Peer Peer, PullMode Mode)? NextPull { get; set; }

    /// <summary>Events that came before something that they replace.</summary>
    public WaitingEvents Waiting { get; } = new();

    /// <summary>How many exchanges this node has completed since the opening.</summary>
    public long Completed { get; set; }

    /// <summary>Whether it was found equal to that of a peer, or took in what a peer had.</summary>
    public bool IsCompared { get; private set; }

    /// <summary>When that was the last time.</summary>
    public Instant ComparedAt { get; private set; }

    /// <summary>The cycles since a trusted replica was heard of, while this one is not trusted.</summary>
    public int CyclesAlone { get; set; }

    /// <summary>What this node has of it, durable or not.</summary>
    public Heartbeat Heartbeat => new(
        Replica.Root, HashOf(Replica.Context, ref _hashedNow), (ulong)Replica.Count, Replica.IsTrusted);

    /// <summary>What peers are told of it: what is durable. Null while nothing holds that is.</summary>
    public Heartbeat? Told => Replica.Told is { } told ? new Heartbeat(
        told.Root, HashOf(told.Context, ref _hashedTold), (ulong)Replica.ToldRows, told.IsTrusted) : null;

    /// <summary>Own events that may leave, after <see cref="Settle"/>.</summary>
    public IReadOnlyList<MapEvent> Leaving => _leaving;

    /// <summary>
    /// When the sketch is to prove that contexts have missed nothing. Where much is written no two contexts are ever
    /// equal, and then roots are not compared.
    /// </summary>
    public Instant ProofAt { get; set; } = Instant.Never;

    /// <summary>What peers could be told some time ago: broadcast has brought it to all that it reaches.</summary>
    public CausalContext? Settled { get; private set; }

    /// <summary>Until then peers are told all that there is: some of it did not come by broadcast.</summary>
    public Instant TellsAllUntil { get; set; } = Instant.Zero;

    /// <summary>How many epochs are open here of nodes that this node has never met, or a little more.</summary>
    public int Strangers { get; set; }

    /// <summary>How many events came by broadcast in the time that things take to settle.</summary>
    public int EventsLately { get; private set; }

    /// <summary>An event came by broadcast.</summary>
    public void NoteEvent() => _events++;

    /// <summary>Time has passed.</summary>
    /// <param name="now">The moment.</param>
    /// <param name="after">How long things take to settle.</param>
    public void NoteTime(Instant now, TimeSpan after)
    {
        if (now - _settlingAt >= after && Replica.Told is { } told)
        {
            (Settled, _settling, _settlingAt) = (_settling, told.Context, now);
            (EventsLately, _events) = (_events, 0);
        }
    }

    /// <summary>It was found equal to that of a peer, or took in what a peer had.</summary>
    public void Compared(Instant now) => (IsCompared, ComparedAt) = (true, now);

    /// <summary>Calls somebody when the last transaction, a write of this node, is durable or has failed.</summary>
    public void Await(Dot dot, Action<WriteOutcome, Dot>? done) => _writers.Enqueue((Replica.Committed, dot, done));

    /// <summary>
    /// The epochs in which somebody has written here since the opening, and the last number of each that is durable.
    /// There are several only after a store has failed.
    /// </summary>
    public IReadOnlyDictionary<EpochId, ulong> Written => _written;

    /// <summary>Calls somebody when all writes of this node so far have come to an end, at once if they have.</summary>
    public void AfterWrites(Action done)
    {
        if (_writers.Count == 0)
        {
            done();
        }
        else
        {
            _writers.Enqueue((Replica.Committed, default, (_, _) => done()));
        }
    }

    /// <summary>Calls those whose writes have come to an end.</summary>
    /// <param name="outcome">
    /// What <see cref="Settle"/> said. After a failure all have come to an end: what was undone is not here any more,
    /// and of what a store that failed has, nobody knows.
    /// </param>
    /// <returns>How many of the writes are durable.</returns>
    public int TellWriters(SyncOutcome outcome)
    {
        var (durable, all) = (0, outcome is SyncOutcome.Undone or SyncOutcome.Failed);
        while (_writers.TryPeek(out var first) && (all || Replica.IsDurable(first.Commit)))
        {
            _writers.Dequeue();
            if (first.Dot == default)
            {
                first.Done!(WriteOutcome.Nothing, default); // It waits for those before it.
                continue;
            }

            var isHere = outcome != SyncOutcome.Failed && (!all || Replica.Context.Covers(first.Dot));
            durable += isHere ? 1 : 0;
            if (isHere && first.Done is not null)
            {
                _written[first.Dot.Epoch] = first.Dot.Sequence;
            }

            first.Done?.Invoke(isHere ? WriteOutcome.Committed : WriteOutcome.StoreFailed, first.Dot);
        }

        return durable;
    }

    /// <summary>Makes everything durable, or looks how far that is.</summary>
    /// <param name="counters">Takes what the replica counted.</param>
    /// <returns>If the store failed, the map has been opened anew.</returns>
    public SyncOutcome Settle(MapCounters counters)
    {
        _leaving.Clear();
        var synced = Replica.Sync(_leaving);
        counters.TrustLost += Replica.Counters.TrustLost - _trustLost;
        counters.StoreFailures += Replica.Counters.StoreFailures - _storeFailures;
        counters.ContextsRefused += Replica.Counters.ContextsRefused - _contextsRefused;
        (_trustLost, _storeFailures, _contextsRefused) = (
            Replica.Counters.TrustLost, Replica.Counters.StoreFailures, Replica.Counters.ContextsRefused);
        if (synced != SyncOutcome.Failed)
        {
            return synced;
        }

        Replica = MapReplica.Open(Replica.Node, _stores.Open(Name), _options, _stores);
        (Settled, _settling) = (null, null);
        (_trustLost, _storeFailures, _contextsRefused, Completed) = (0, 0, 0, 0);
        return synced;
    }

    private UInt128 HashOf(CausalContext context, ref (CausalContext Context, UInt128 Hash)? hashed)
    {
        if (hashed is not { } known || !ReferenceEquals(known.Context, context))
        {
            known = (context, _options.Digester.Of(context));
            hashed = known;
        }

        return known.Hash;
    }
}
