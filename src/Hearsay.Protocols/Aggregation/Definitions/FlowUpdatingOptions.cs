namespace Hearsay;

/// <summary>
/// The knobs of flow updating beside those of <see cref="AggregationOptions"/>, of which it takes the cycle time.
/// Immutable; checked with them.
/// </summary>
/// <remarks>Source: Jesus, Baquero, Almeida, "Fault-tolerant aggregation by flow updating", DAIS 2009.</remarks>
public sealed record FlowUpdatingOptions
{
    /// <summary>The largest <see cref="Capacity"/>.</summary>
    public const int MaximumCapacity = 32;

    /// <summary>
    /// How many sticky neighbours a node looks for. More: faster agreement, slower to use every link.
    /// </summary>
    /// <value>Default 5. From 1 to <see cref="Capacity"/>.</value>
    public int Neighbours { get; init; } = 5;

    /// <summary>How many neighbours a node has at most: whoever asks is accepted up to it.</summary>
    /// <value>Default 12. From 2 to 32.</value>
    public int Capacity { get; init; } = 12;

    /// <summary>
    /// How many contacts in a row, one a cycle, a neighbour may leave without an answer before it counts as failed and
    /// its flow is dropped. Fewer find crashes sooner; more keep links that only lose messages.
    /// </summary>
    /// <value>Default 10: at 20 % loss a false alarm in 25,000 silences. From 2 to 100.</value>
    public int FailureTries { get; init; } = 10;

    /// <summary>
    /// How often, in cycles, a node adds a neighbour although it has enough, so that parts of a network that were
    /// separated find together; with no room left, 64 times more seldom, the neighbour with the least flow gives way.
    /// </summary>
    /// <value>Default 64. From 4 to 100,000.</value>
    public int MixCycles { get; init; } = 64;

    /// <summary>After so many exchanges an estimate is called ready.</summary>
    /// <value>Default 40, about 20 cycles. From 4 to 10,000.</value>
    public int SettleExchanges { get; init; } = 40;
}
