namespace Hearsay;

/// <summary>The distribution of the values that a node has measured since it started. Immutable.</summary>
/// <param name="Name">The name of its instrument, for instance <c>hearsay.broadcast.propagation</c>.</param>
/// <param name="Unit">The unit in the notation of OpenTelemetry, for instance <c>s</c>.</param>
/// <param name="Bounds">The upper bounds of the buckets, in order. The last bucket has none.</param>
/// <param name="Counts">The number of values in each bucket: one more than there are bounds.</param>
/// <param name="Sum">The sum of all values.</param>
/// <param name="Description">What the instrument shows.</param>
public sealed record NodeHistogram(
    string Name, string Unit, IReadOnlyList<double> Bounds, IReadOnlyList<long> Counts, double Sum,
    string Description)
{
    /// <summary>The number of values.</summary>
    public long Count => Counts.Sum();

    /// <summary>The mean of all values; 0 if there is none.</summary>
    public double Mean => Count == 0 ? 0 : Sum / Count;

    /// <summary>
    /// Returns the smallest bound that a share of all values does not exceed; infinity if they are beyond the last
    /// bound, and 0 if there are no values.
    /// </summary>
    /// <param name="share">The share, from 0 to 1; for instance 0.99.</param>
    /// <exception cref="ArgumentOutOfRangeException">The share is out of its range.</exception>
    public double BoundOf(double share)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(share);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(share, 1);
        var (wanted, count) = (share * Count, 0L);
        if (wanted == 0 && Count == 0)
        {
            return 0;
        }

        for (var i = 0; i < Bounds.Count; i++)
        {
            count += Counts[i];
            if (count > 0 && count >= wanted)
            {
                return Bounds[i];
            }
        }

        return double.PositiveInfinity;
    }
}
