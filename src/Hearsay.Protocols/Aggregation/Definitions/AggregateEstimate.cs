using System.Runtime.InteropServices;

namespace Hearsay;

/// <summary>
/// What a node knows of an aggregate at one moment. It is an immutable value that you may keep and pass to any thread.
/// </summary>
/// <param name="Definition">The definition of the aggregate.</param>
/// <param name="Value">The estimate; NaN if there is none.</param>
/// <param name="Error">
/// How far the estimate may typically be from the value on which the nodes will agree, in the unit of the value. It
/// includes the disagreement met in the last exchanges, for counts the spread of their independent instances, and the
/// error of the method itself (the error of a sketch, the width of a bucket, digits lost in rounding). It is infinite
/// while too few exchanges were made, and for a quantile that is out of range. It does not show errors that all nodes
/// share: values of nodes that crashed, or mass that was lost on the way.
/// </param>
/// <param name="Epoch">The epoch of the estimate. Values are read anew at the start of each epoch.</param>
/// <param name="Cycle">The number of cycles of the epoch that had passed.</param>
/// <param name="Age">The time since the epoch began. Apart from clock skew, no value in the estimate is older.</param>
/// <param name="IsFinal">Whether the epoch was complete; if not, the estimate is of an epoch under way.</param>
/// <param name="IsReady">
/// Whether the estimate can be used: some node gave a value, there were enough exchanges, and, for sums and counts, the
/// size of the network is known from more than a first guess.
/// </param>
/// <param name="Contributors">
/// The share of nodes that gave a value, from 0 to 1; NaN for kinds that do not measure it.
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
    /// The whole distribution, for quantiles and histograms at the end of an epoch; null otherwise. <see cref="Value"/>
    /// is its median.
    /// </summary>
    public AggregateDistribution? Distribution { get; init; }

    /// <summary>
    /// The sample, for aggregates of this kind at the end of an epoch; null otherwise. <see cref="Value"/> is then the
    /// number of different items.
    /// </summary>
    public AggregateSample? Sample { get; init; }
}
