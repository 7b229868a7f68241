namespace Hearsay;

/// <summary>Every knob of aggregation. Immutable; derive one from another with <c>with</c>.</summary>
/// <remarks>
/// All nodes of a cluster must agree on <see cref="CycleTime"/> and <see cref="CyclesPerEpoch"/>; the fastest sets the
/// pace otherwise. Source: Jelasity, Montresor, Babaoglu, "Gossip-based aggregation in large dynamic networks", ACM
/// TOCS 23(3), 2005. The variance among nodes shrinks by 0.30 a cycle, so a decimal digit takes about four cycles.
/// </remarks>
public sealed record AggregationOptions
{
    /// <summary>The default options.</summary>
    public static AggregationOptions Default { get; } = new();

    /// <summary>How often a node begins an exchange. Shorter: fresher results, more traffic.</summary>
    /// <value>Default 1 s; from 10 ms to 1 h.</value>
    public TimeSpan CycleTime { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How many cycles an epoch has; values are read at its start. More: closer agreement, slower to follow changes.
    /// </summary>
    /// <value>Default 30, as in the paper; from 4 to 10,000.</value>
    public int CyclesPerEpoch { get; init; } = 30;

    /// <summary>
    /// At the end of an epoch so many cycles begin no exchange and only finish what is open. Without them what is under
    /// way when the epoch ends is lost; with them the last cycles bring no agreement.
    /// </summary>
    /// <value>Default 2; below half of <see cref="CyclesPerEpoch"/>.</value>
    public int SettleCycles { get; init; } = 2;

    /// <summary>
    /// How often a request is sent before it is given up. An exchange whose answer is lost has happened on one side
    /// only and shifts the result; asking again repeats the answer.
    /// </summary>
    /// <value>Default 3; from 1 to 100. No effect with <see cref="RetryUntilSettled"/>.</value>
    public int Tries { get; init; } = 3;

    /// <summary>
    /// Whether a request is repeated until it is answered or its epoch ends, at most once a cycle after the first
    /// tries: then the result is right although messages are lost. The price is a message a cycle for each partner that
    /// died.
    /// </summary>
    /// <value>Default true.</value>
    public bool RetryUntilSettled { get; init; } = true;

    /// <summary>The shortest time to wait for an answer, however fast the network is.</summary>
    /// <value>Default 20 ms; at least 1 ms and at most <see cref="CycleTime"/>.</value>
    public TimeSpan MinimumTimeout { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Whether the size of the network is estimated. Sums and counts need it.</summary>
    /// <value>Default true.</value>
    public bool MeasuresNetworkSize { get; init; } = true;

    /// <summary>
    /// How many leaders there should be in an epoch, each of which is an estimate of the network's size of its own.
    /// More: tighter under loss and crashes, 12 bytes a message each. Nodes draw lots, so that now and then there are
    /// only half as many.
    /// </summary>
    /// <value>Default 30; from 1 to <see cref="LeaderCapacity"/>.</value>
    public int Leaders { get; init; } = 30;

    /// <summary>
    /// How many leaders a node keeps at most; of more it keeps those with the smallest keys, as everybody does.
    /// </summary>
    /// <value>Default 32; from 1 to 64.</value>
    public int LeaderCapacity { get; init; } = 32;

    /// <summary>The network's size to begin with, before it was measured: how many leaders the first epoch has follows
    /// from it. If it is far too small there are too many, which does no harm; if it is far too large, none.</summary>
    /// <value>Default null: the number of peers in view, and this node.</value>
    public double? FirstSizeGuess { get; init; }

    /// <summary>
    /// How many epochs ahead of its own a node follows at once; further ones are refused and counted, and only believed
    /// if three partners of the node's own choice say so.
    /// </summary>
    /// <value>Default 16; from 1 to 1,000.</value>
    public int MaximumEpochJump { get; init; } = 16;

    /// <summary>How many aggregates a node takes part in; later ones are refused and counted.</summary>
    /// <value>Default 32; from 1 to 256.</value>
    public int MaximumDefinitions { get; init; } = 32;

    /// <summary>After so many epochs in which no node used a definition, it is forgotten.</summary>
    /// <value>Default 8; from 1 to 200.</value>
    public int ExpiryEpochs { get; init; } = 8;

    /// <summary>The knobs of <see cref="AggregateMethod.FlowUpdating"/>.</summary>
    /// <value>Default <see cref="FlowUpdatingOptions"/> as they come.</value>
    public FlowUpdatingOptions FlowUpdating { get; init; } = new();

    /// <summary>
    /// How many cycles an epoch of <see cref="AggregateMethod.Tournament"/> has: three to give values, one for each
    /// round, of which there are up to 27 (18 for a quantile of 0.99 with an error of 0.01), and some for stragglers.
    /// </summary>
    /// <value>Default 40; from 12 to 10,000.</value>
    public int TournamentCycles { get; init; } = 40;

    /// <summary>How long an epoch lasts.</summary>
    public TimeSpan EpochTime => CycleTime * CyclesPerEpoch;

    /// <summary>
    /// These options with other cycles. <see cref="MinimumTimeout"/> and <see cref="SettleCycles"/>, which may not be
    /// longer than a cycle and half an epoch, are shortened if need be.
    /// </summary>
    /// <param name="cycleTime">The new <see cref="CycleTime"/>; null for that of these options.</param>
    /// <param name="cyclesPerEpoch">The new <see cref="CyclesPerEpoch"/>; null for that of these options.</param>
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
