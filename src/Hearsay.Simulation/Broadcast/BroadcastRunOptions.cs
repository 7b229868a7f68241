using Hearsay.Protocols;
using Hearsay.Protocols.Aggregation.PushPull;

namespace Hearsay.Simulation;

/// <summary>One experiment with broadcasts on a fixed random graph. Immutable.</summary>
public sealed record BroadcastRunOptions
{
    /// <summary>The way in which messages spread.</summary>
    /// <value>Default <see cref="BroadcastMode.Auto"/>.</value>
    public BroadcastMode Mode { get; init; } = BroadcastMode.Auto;

    /// <summary>The number of nodes.</summary>
    /// <value>Default 10,000.</value>
    public int Nodes { get; init; } = 10_000;

    /// <summary>The number of neighbours of each node.</summary>
    /// <value>Default 5. From 1 to 32.</value>
    public int Degree { get; init; } = 5;

    /// <summary>The share of packets lost while messages are counted; none is lost before.</summary>
    /// <value>Default 0.</value>
    public double Loss { get; init; }

    /// <summary>The shortest delay of a link; every link has a delay of its own that does not change.</summary>
    /// <value>Default 10 ms.</value>
    public TimeSpan MinimumLatency { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>The longest delay of a link.</summary>
    /// <value>Default 50 ms.</value>
    public TimeSpan MaximumLatency { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// Whether every packet has a delay of its own instead, so that packets of a link overtake each other and no parent
    /// is the fastest for long. It applies only if nodes maintain their neighbours themselves.
    /// </summary>
    /// <value>Default false.</value>
    public bool DrawsEveryDelay { get; init; }

    /// <summary>The number of messages that are counted.</summary>
    /// <value>Default 100.</value>
    public int Messages { get; init; } = 100;

    /// <summary>The number of nodes that publish them, in turn.</summary>
    /// <value>Default 1.</value>
    public int SourceCount { get; init; } = 1;

    /// <summary>The number of warm-up messages that each source publishes before messages are counted.</summary>
    /// <value>Default 30.</value>
    public int Warmup { get; init; } = 30;

    /// <summary>The time between two messages.</summary>
    /// <value>Default 1.5 s, so that each is done before the next.</value>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1.5);

    /// <summary>The length of the payloads.</summary>
    /// <value>Default 64 bytes. At least 4.</value>
    public int PayloadBytes { get; init; } = 64;

    /// <summary>The number of peers to which <see cref="BroadcastMode.Fanout"/> sends.</summary>
    /// <value>Default 5.</value>
    public int Fanout { get; init; } = 5;

    /// <summary>
    /// Whether to run the baseline instead: one tree for all sources, the original Plumtree, which is a separate
    /// protocol. Of the other options it uses only <see cref="GraftTimeout"/>.
    /// </summary>
    /// <value>Default false.</value>
    public bool SharedTree { get; init; }

    /// <summary>A fixed graft timer.</summary>
    /// <value>Default null: adaptive.</value>
    public TimeSpan? GraftTimeout { get; init; }

    /// <summary>
    /// The share of nodes killed at once before messages are counted, if nodes maintain their neighbours themselves.
    /// </summary>
    /// <value>Default 0.</value>
    public double Kill { get; init; }

    /// <summary>The time from that crash to the first message that counts, if nodes maintain their neighbours
    /// themselves.</summary>
    /// <value>Default 0: at once.</value>
    public TimeSpan WaitAfterKill { get; init; }

    /// <summary>The share of the nodes that new ones replace per second, if nodes maintain their neighbours themselves.
    /// </summary>
    /// <value>Default 0.</value>
    public double Churn { get; init; }

    /// <summary>
    /// The time between comparisons of neighbours. Null sets <see cref="BroadcastOptions.Repair"/> to false, so that
    /// only the tree counts.
    /// </summary>
    /// <value>Default 2 s, as of a live node.</value>
    public TimeSpan? RepairInterval { get; init; } = new BroadcastOptions().RepairInterval;

    /// <summary>The source from which nodes know the size of their network.</summary>
    /// <value>
    /// Default <see cref="SizeKnowledge.Estimated"/>, as on a live node. Only <see cref="BroadcastMode.Auto"/> and
    /// <see cref="BroadcastMode.Hybrid"/> read the size; with the other modes aggregation does not run.
    /// </value>
    public SizeKnowledge Size { get; init; }

    /// <summary>The seed of the graph, the delays and all choices.</summary>
    /// <value>Default 1.</value>
    public ulong Seed { get; init; } = 1;

    /// <summary>Changes the options of the protocol after all others are set.</summary>
    public Func<BroadcastOptions, BroadcastOptions>? Configure { get; init; }

    /// <summary>How long a network runs before it is used, where its nodes sample peers: an epoch and some more.
    /// </summary>
    internal static TimeSpan FormingTime { get; } = TimeSpan.FromSeconds(40);

    /// <summary>Whether nodes measure the size of their network.</summary>
    internal bool MeasuresSize =>
        Size == SizeKnowledge.Estimated && !SharedTree && Mode is BroadcastMode.Auto or BroadcastMode.Hybrid;

    /// <summary>The knobs of the protocol on every node: those of a live node but for what is asked for here.</summary>
    internal BroadcastOptions ForProtocol()
    {
        var live = new BroadcastOptions();
        var options = live with
        {
            Mode = Mode, Fanout = Fanout, GraftTimeout = GraftTimeout,
            Repair = RepairInterval is not null, RepairInterval = RepairInterval ?? live.RepairInterval,
        };
        return Configure?.Invoke(options) ?? options;
    }

    /// <summary>What measures the size on one node; null where nothing does.</summary>
    internal AggregationProtocol? MakeAggregation() =>
        MeasuresSize ? new AggregationProtocol(AggregationOptions.Default, values: null, sink: null) : null;

    /// <summary>The delay of a link, the same in both directions and for the whole run.</summary>
    internal TimeSpan LatencyOf(int a, int b)
    {
        var link = SeededRandom.For(Seed, (ulong)Math.Min(a, b), (ulong)Math.Max(a, b), 0x6E);
        return link.Between(MinimumLatency, MaximumLatency);
    }

    internal TimeSpan LatencyOf(VirtualNode from, VirtualNode to) => LatencyOf(from.Index, to.Index);
}
