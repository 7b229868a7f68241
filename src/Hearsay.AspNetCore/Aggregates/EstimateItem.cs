using System.Text.Json.Serialization;

namespace Hearsay.AspNetCore.Aggregates;

/// <summary>An estimate. A number that there is not is null.</summary>
internal sealed record EstimateItem(
    double? Value, double? Error, long Epoch, int Cycle, double AgeSeconds, bool IsFinal, bool IsReady,
    double? Contributors)
{
    private static readonly double[] s_shares = [0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99];

    /// <summary>Of a distribution, at the end of an epoch.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<QuantileItem>? Quantiles { get; init; }

    /// <summary>Of a histogram, at the end of an epoch.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<BinItem>? Bins { get; init; }

    /// <summary>The values of a sample, at the end of an epoch.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double[]? Sample { get; init; }

    /// <summary>What callers are told of an estimate.</summary>
    public static EstimateItem Of(in AggregateEstimate estimate)
    {
        var distribution = estimate.Distribution;
        return new EstimateItem(
            Known(estimate.Value), Known(estimate.Error), estimate.Epoch, estimate.Cycle,
            estimate.Age.TotalSeconds, estimate.IsFinal, estimate.IsReady, Known(estimate.Contributors))
        {
            Quantiles = distribution is null ? null
                : [.. s_shares.Select(share => new QuantileItem(share, Known(distribution.Quantile(share))))],
            Bins = distribution is not null && estimate.Definition.Kind == AggregateKind.Histogram
                ? [.. Enumerable.Range(0, distribution.BucketCount).Select(bin =>
                    new BinItem(distribution.ValueAt(bin), distribution.ShareOf(bin)))]
                : null,
            Sample = estimate.Sample?.Values.ToArray(),
        };
    }

    /// <summary>JSON has no number for "none" and for "infinite".</summary>
    private static double? Known(double number) => double.IsFinite(number) ? number : null;
}
