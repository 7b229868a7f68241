namespace Hearsay;

/// <summary>
/// What a network computes from the values of its nodes. A node without a value takes part as a relay and does not
/// count. Source: Jelasity, Montresor, Babaoglu, "Gossip-based aggregation in large dynamic networks", ACM TOCS 23(3),
/// 2005.
/// </summary>
public enum AggregateKind : byte
{
    /// <summary>The mean of the values.</summary>
    Average = 1,

    /// <summary>The sum of the values: their mean over all nodes times the network's size.</summary>
    Sum = 2,

    /// <summary>How many nodes give a value.</summary>
    Count = 3,

    /// <summary>How many nodes there are; needs no values.</summary>
    NetworkSize = 4,

    /// <summary>The smallest value. One liar is enough to falsify it; give bounds where the range is known.</summary>
    Min = 5,

    /// <summary>The largest value. One liar is enough to falsify it; give bounds where the range is known.</summary>
    Max = 6,

    /// <summary>
    /// The variance of the values over the nodes that give one (the mean of x² minus the squared mean).
    /// </summary>
    Variance = 7,

    /// <summary>The mean of the values, each with a weight of its own.</summary>
    WeightedAverage = 8,

    /// <summary>How many different items all nodes together hold (HyperLogLog).</summary>
    DistinctCount = 9,

    /// <summary>Quantiles of all values of all nodes (buckets of relative width, averaged).</summary>
    Quantiles = 10,

    /// <summary>How the values are distributed over given bounds (averaged counts).</summary>
    Histogram = 11,

    /// <summary>
    /// The sum of values that are not below zero, by extrema propagation: it needs no network size, and lost or
    /// repeated messages do not shift it; the price is the method's own error. One liar is enough to falsify it.
    /// </summary>
    ExtremaSum = 12,

    /// <summary>How many nodes give a value above zero, by extrema propagation; as <see cref="ExtremaSum"/>.</summary>
    ExtremaCount = 13,

    /// <summary>
    /// A uniform sample of all items of all nodes (bottom-k): how many different ones there are, and quantiles of their
    /// values.
    /// </summary>
    Sample = 14,

    /// <summary>One quantile of the nodes' values by its rank, whatever their distribution (tournaments).</summary>
    Quantile = 16,
}
