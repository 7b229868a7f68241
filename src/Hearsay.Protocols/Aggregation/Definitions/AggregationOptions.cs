namespace Hearsay;

/// <summary>The options of aggregation. Immutable; derive one record from another with <c>with</c>.</summary>
/// <remarks>
/// All nodes of a cluster must have the same <see cref="CycleTime"/> and <see cref="CyclesPerEpoch"/>; otherwise the
/// fastest node sets the pace. Source: Jelasity, Montresor, Babaoglu, "Gossip-based aggregation in large dynamic
/// networks", ACM TOCS 23(3), 2005. The variance among nodes falls to 0.30 of its value per cycle, so each decimal
/// digit takes about four cycles.
/// </remarks>
public sealed record AggregationOptions
{
    /// <summary>The default options.</summary>
    public static AggregationOptions Default { get; } = new();

    /// <summary>
    /// The time between the exchanges that a node starts. A shorter time gives fresher results and more traffic.
    /// </summary>
    /// <value>Default 1 s. From 10 ms to 1 h.</value>
    public TimeSpan CycleTime { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The number of cycles in an epoch. Nodes read their values at the start of an epoch. More cycles give closer
    /// agreement, but results follow changes more slowly.
    /// </summary>
    /// <value>Default 30, as in the paper. From 4 to 10,000.</value>
    public int CyclesPerEpoch { get; init; } = 30;

    /// <summary>
    /// The number of cycles at the end of an epoch in which a node starts no exchange and only finishes those under
    /// way. Without such cycles, exchanges that are under way at the end of the epoch are lost. With them, the last
    /// cycles add no agreement.
    /// </summary>
    /// <value>Default 2. Less than half of <see cref="CyclesPerEpoch"/>.</value>
    public int SettleCycles { get; init; } = 2;

    /// <summary>
    /// The number of times a request is sent before the node gives it up. If an answer is lost, only one side has
    /// performed the exchange, and the result shifts. A repeated request gets the same answer again.
    /// </summary>
    /// <value>Default 3. From 1 to 100. No effect with <see cref="RetryUntilSettled"/>.</value>
    public int Tries { get; init; } = 3;

    /// <summary>
    /// Whether a request is repeated until it is answered or its epoch ends, at most once per cycle after the first
    /// tries. The result is then correct although messages are lost. The price is one message per cycle for each
    /// partner that has died.
    /// </summary>
    /// <value>Default true.</value>
    public bool RetryUntilSettled { get; init; } = true;

    /// <summary>The shortest time to wait for an answer, even if the network is faster.</summary>
    /// <value>Default 20 ms. At least 1 ms and at most <see cref="CycleTime"/>.</value>
    public TimeSpan MinimumTimeout { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Whether the node measures the size of the network. Sums and counts need it.</summary>
    /// <value>Default true.</value>
    public bool MeasuresNetworkSize { get; init; } = true;

    /// <summary>
    /// The number of leaders that an epoch should have. Each leader yields an independent estimate of the network's
    /// size. More leaders give a smaller error under loss and crashes, and cost 12 bytes per message each. Leaders are
    /// drawn by lot, so now and then there are only half as many.
    /// </summary>
    /// <value>Default 30. From 1 to <see cref="LeaderCapacity"/>.</value>
    public int Leaders { get; init; } = 30;

    /// <summary>
    /// The maximum number of leaders that a node keeps. If there are more, every node keeps those with the smallest
    /// keys.
    /// </summary>
    /// <value>Default 32. From 1 to 64.</value>
    public int LeaderCapacity { get; init; } = 32;

    /// <summary>
    /// The size of the network that a node assumes until it has measured one. It determines the number of leaders in
    /// the first epoch. If it is far too small, there are too many leaders, which does no harm. If it is far too large,
    /// there are none.
    /// </summary>
    /// <value>Default null: the number of peers in the view, plus this node.</value>
    public double? FirstSizeGuess { get; init; }

    /// <summary>
    /// The largest jump ahead, in epochs, that a node makes at once to follow another node. A larger jump is refused
    /// and counted. The node makes it only if three partners of its own choice confirm the epoch.
    /// </summary>
    /// <value>Default 16. From 1 to 1,000.</value>
    public int MaximumEpochJump { get; init; } = 16;

    /// <summary>
    /// The maximum number of aggregates in which a node takes part. Further definitions are refused and counted.
    /// </summary>
    /// <value>Default 32. From 1 to 256.</value>
    public int MaximumDefinitions { get; init; } = 32;

    /// <summary>The number of epochs after which a definition that no node uses is forgotten.</summary>
    /// <value>Default 8. From 1 to 200.</value>
    public int ExpiryEpochs { get; init; } = 8;

    /// <summary>The options of <see cref="AggregateMethod.FlowUpdating"/>.</summary>
    /// <value>Default <see cref="FlowUpdatingOptions"/> with their defaults.</value>
    public FlowUpdatingOptions FlowUpdating { get; init; } = new();

    /// <summary>
    /// The number of cycles in an epoch of <see cref="AggregateMethod.Tournament"/>. Three cycles collect the values.
    /// Each round takes one cycle, and there are up to 27 rounds (18 for a quantile of 0.99 with an error of 0.01). The
    /// rest is for nodes that are late.
    /// </summary>
    /// <value>Default 40. From 12 to 10,000.</value>
    public int TournamentCycles { get; init; } = 40;

    /// <summary>The duration of an epoch: <see cref="CycleTime"/> times <see cref="CyclesPerEpoch"/>.</summary>
    public TimeSpan EpochTime => CycleTime * CyclesPerEpoch;

    /// <summary>
    /// Returns a copy with other cycles. If they are now too long, <see cref="MinimumTimeout"/> is reduced to a cycle,
    /// and <see cref="SettleCycles"/> to less than half an epoch.
    /// </summary>
    /// <param name="cycleTime">The new <see cref="CycleTime"/>; null keeps the present one.</param>
    /// <param name="cyclesPerEpoch">The new <see cref="CyclesPerEpoch"/>; null keeps the present one.</param>
    public AggregationOptions WithCycles(TimeSpan? cycleTime, int? cyclesPerEpoch)
    {
        var (cycle, cycles) = (cycleTime ?? CycleTime, cyclesPerEpoch ?? CyclesPerEpoch);
        return this with
        {
            CycleTime = cycle,
            CyclesPerEpoch = cycles,
            MinimumTimeout = cycle < MinimumTimeout ? cycle : MinimumTimeout,
            SettleCycles = Math.Min(SettleCycles, Math.Max(0, (cycles - 1) / 2)),
        };
    }
}
