using System.Runtime.InteropServices;

namespace Hearsay;

/// <summary>
/// What a node knows of an aggregate at a moment. A value: keep it, pass it to any thread.
/// </summary>
/// <param name="Definition">Of which aggregate.</param>
/// <param name="Value">The estimate; NaN if there is none.</param>
/// <param name="Error">
/// How far the estimate may typically be from what the nodes will agree on, in the unit of the value: from the
/// disagreement met in the last exchanges, for counts also from the spread of their independent instances, and from the
/// method itself (the error of a sketch, the width of a bucket, digits lost in rounding). Infinite while too few
/// exchanges were seen, and for a quantile that is out of range. It does not show what everybody has in common: values
/// of nodes that crashed, or mass that was lost on the way.
/// </param>
/// <param name="Epoch">The epoch it belongs to. Values are read anew at the start of each.</param>
/// <param name="Cycle">The cycles of the epoch that had passed.</param>
/// <param name="Age">How long ago the epoch began: no value in it is older, but for clock skew.</param>
/// <param name="IsFinal">Whether the epoch was complete; else it is a look at an epoch under way.</param>
/// <param name="IsReady">
/// Whether the estimate can be used: somebody gave a value, enough was exchanged, and, for sums and counts, the size of
/// the network is known from more than a first guess.
/// </param>
/// <param name="Contributors">
/// The share of nodes that gave a value, from 0 to 1; NaN for kinds that do not know it.
/// </param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct AggregateEstimate(
    AggregateDefinition Definition,
    double Value,
    double Error,
    long Epoch,
    int Cycle,
    TimeSpan Age,
    bool IsFinal,
    bool IsReady,
    double Contributors)
{
    /// <summary>
    /// For quantiles and histograms at the end of an epoch the whole distribution, of which <see cref="Value"/> is the
    /// median; null otherwise.
    /// </summary>
    public AggregateDistribution? Distribution { get; init; }

    /// <summary>
    /// For samples at the end of an epoch the sample, while <see cref="Value"/> is the number of different items; null
    /// otherwise.
    /// </summary>
    public AggregateSample? Sample { get; init; }
}
