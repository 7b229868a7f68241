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

    /// <summary>The sum of the values. It is their mean over all nodes times the size of the network.</summary>
    Sum = 2,

    /// <summary>The number of nodes that give a value.</summary>
    Count = 3,

    /// <summary>The number of nodes. It needs no values.</summary>
    NetworkSize = 4,

    /// <summary>
    /// The smallest value. A single lying node can falsify it, so set bounds where the range is known.
    /// </summary>
    Min = 5,

    /// <summary>
    /// The largest value. A single lying node can falsify it, so set bounds where the range is known.
    /// </summary>
    Max = 6,

    /// <summary>
    /// The variance of the values over the nodes that give one: the mean of x² minus the square of the mean.
    /// </summary>
    Variance = 7,

    /// <summary>The mean of the values, each with a weight of its own.</summary>
    WeightedAverage = 8,

    /// <summary>The number of different items that all nodes hold (HyperLogLog).</summary>
    DistinctCount = 9,

    /// <summary>Quantiles of all values of all nodes, from averaged buckets of relative width.</summary>
    Quantiles = 10,

    /// <summary>The distribution of the values over bins between given bounds, from averaged counts.</summary>
    Histogram = 11,

    /// <summary>
    /// The sum of values of 0 or more, by extrema propagation. It needs no network size, and lost or repeated messages
    /// do not shift it. The price is the error of the method. A single lying node can falsify it.
    /// </summary>
    ExtremaSum = 12,

    /// <summary>
    /// The number of nodes that give a value above zero, by extrema propagation like <see cref="ExtremaSum"/>.
    /// </summary>
    ExtremaCount = 13,

    /// <summary>
    /// A uniform sample of all items of all nodes (bottom-k). It also estimates the number of different items and the
    /// quantiles of their values.
    /// </summary>
    Sample = 14,

    /// <summary>One quantile of the nodes' values, by rank and whatever their distribution (tournaments).</summary>
    Quantile = 16,
}
