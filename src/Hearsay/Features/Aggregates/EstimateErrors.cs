using System.Diagnostics.Metrics;
using Hearsay.Features.Contract;

namespace Hearsay.Features.Aggregates;

/// <summary>The histogram of how exact aggregates are: the error that the estimate of a whole epoch states.</summary>
internal sealed class EstimateErrors(Meter? meter, string cluster)
{
    /// <summary>The name of the instrument.</summary>
    public const string Name = "hearsay.aggregation.error";

    /// <summary>What was measured.</summary>
    public FeatureHistogram Histogram { get; } = new(
        meter, cluster, Name, "1", "Stated error of the estimates of whole epochs, as a share of the value.",
        [1e-9, 1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1]);

    /// <summary>An estimate. Only those count that end an epoch and have a value other than 0.</summary>
    public void Note(in AggregateEstimate estimate)
    {
        if (estimate is { IsFinal: true, IsReady: true }
            && Math.Abs(estimate.Error / estimate.Value) is var share && double.IsFinite(share))
        {
            Histogram.Record(share);
        }
    }
}
