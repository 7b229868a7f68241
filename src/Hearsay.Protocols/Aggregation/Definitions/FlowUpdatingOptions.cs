namespace Hearsay;

/// <summary>
/// The options of flow updating. Its cycle time is that of <see cref="AggregationOptions"/>, which also validate these
/// options. Immutable.
/// </summary>
/// <remarks>Source: Jesus, Baquero, Almeida, "Fault-tolerant aggregation by flow updating", DAIS 2009.</remarks>
public sealed record FlowUpdatingOptions
{
    /// <summary>The maximum of <see cref="Capacity"/>.</summary>
    public const int MaximumCapacity = 32;

    /// <summary>
    /// The number of fixed neighbours that a node looks for. With more, nodes agree faster, but it takes longer until
    /// every link has been used.
    /// </summary>
    /// <value>Default 5. From 1 to <see cref="Capacity"/>.</value>
    public int Neighbours { get; init; } = 5;

    /// <summary>
    /// The maximum number of neighbours of a node. It accepts every node that asks until it has that many.
    /// </summary>
    /// <value>Default 12. From 2 to 32.</value>
    public int Capacity { get; init; } = 12;

    /// <summary>
    /// The number of contacts in a row, one per cycle, that a neighbour may leave unanswered before it counts as failed
    /// and its flow is dropped. A smaller number detects crashes sooner. A larger one keeps links that only lose
    /// messages.
    /// </summary>
    /// <value>Default 10: at 20 % loss there is one false alarm in 25,000 silences. From 2 to 100.</value>
    public int FailureTries { get; init; } = 10;

    /// <summary>
    /// The number of cycles after which a node adds a neighbour although it has enough, so that separated parts of the
    /// network find each other. If the node has no room left, it waits 64 times as long, and then replaces the
    /// neighbour with the least flow.
    /// </summary>
    /// <value>Default 64. From 4 to 100,000.</value>
    public int MixCycles { get; init; } = 64;

    /// <summary>The number of exchanges after which an estimate counts as ready.</summary>
    /// <value>Default 40, about 20 cycles. From 4 to 10,000.</value>
    public int SettleExchanges { get; init; } = 40;
}
