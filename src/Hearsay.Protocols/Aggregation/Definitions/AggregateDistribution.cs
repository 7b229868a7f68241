using Hearsay.Protocols.Aggregation.Definitions;

namespace Hearsay;

/// <summary>
/// How the values of all nodes are distributed, as one node knows it at the end of an epoch. Immutable; may be used
/// from any thread.
/// </summary>
public sealed class AggregateDistribution
{
    private readonly BucketLayout _layout;
    private readonly double[] _counts;
    private readonly double _total;

    internal AggregateDistribution(BucketLayout layout, double[] counts)
    {
        (_layout, _counts) = (layout, counts);
        foreach (var count in counts)
        {
            _total += Math.Max(0, count);
        }
    }

    /// <summary>How many buckets there are.</summary>
    public int BucketCount => _counts.Length;

    /// <summary>The share of all values in a bucket, from 0 to 1; 0 if there are no values.</summary>
    /// <exception cref="IndexOutOfRangeException">There is no such bucket.</exception>
    public double ShareOf(int bucket) => _total > 0 ? Math.Max(0, _counts[bucket]) / _total : 0;

    /// <summary>Where a bin of a histogram begins; of quantiles, the value that stands for a bucket.</summary>
    public double ValueAt(int bucket) => _layout.At(bucket);

    /// <summary>
    /// The value below which a share of all values lies: of quantiles within their relative precision, of a histogram
    /// within a bin.
    /// </summary>
    /// <param name="share">From 0 to 1; 0.5 is the median.</param>
    /// <returns>NaN if there are no values.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The share is not from 0 to 1.</exception>
    public double Quantile(double share)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(share is >= 0 and <= 1, true, nameof(share));
        return _layout.Quantile(_counts, share);
    }
}
