using Hearsay.Protocols.Aggregation.Definitions;

namespace Hearsay;

/// <summary>
/// The distribution of the values of all nodes, as one node knows it at the end of an epoch. Immutable. Safe on any
/// thread.
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

    /// <summary>The number of buckets.</summary>
    public int BucketCount => _counts.Length;

    /// <summary>
    /// Returns the share of all values that are in a bucket, from 0 to 1. It is 0 if there are no values.
    /// </summary>
    /// <param name="bucket">The index of the bucket, from 0.</param>
    /// <exception cref="IndexOutOfRangeException">There is no such bucket.</exception>
    public double ShareOf(int bucket) => _total > 0 ? Math.Max(0, _counts[bucket]) / _total : 0;

    /// <summary>
    /// Returns the lower end of a bin of a histogram, or, for quantiles, the value that stands for a bucket.
    /// </summary>
    /// <param name="bucket">The index of the bucket, from 0.</param>
    public double ValueAt(int bucket) => _layout.At(bucket);

    /// <summary>
    /// Returns the value below which a given share of all values lies. For quantiles it is accurate to their relative
    /// precision, and for a histogram to the width of a bin.
    /// </summary>
    /// <param name="share">The share, from 0 to 1; 0.5 is the median.</param>
    /// <returns>The value, or NaN if there are no values.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The share is not from 0 to 1.</exception>
    public double Quantile(double share)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(share is >= 0 and <= 1, true, nameof(share));
        return _layout.Quantile(_counts, share);
    }
}
