namespace Hearsay;

/// <summary>
/// A uniform sample of the items of all nodes, as one node knows it at the end of an epoch. Immutable. Safe on any
/// thread. Source: bottom-k sketches (Cohen, Kaplan, PODC 2007).
/// </summary>
public sealed class AggregateSample
{
    private readonly double[] _values;
    private readonly double[] _sorted;
    private readonly double _items;

    internal AggregateSample(double[] values, double items, bool isWhole)
    {
        (_values, _items, IsWhole) = (values, items, isWhole);
        _sorted = [.. values];
        Array.Sort(_sorted);
    }

    /// <summary>The number of items in the sample.</summary>
    public int Count => _values.Length;

    /// <summary>
    /// Whether the sample contains all items of all nodes. That is so if there are no more than it has room for.
    /// </summary>
    public bool IsWhole { get; }

    /// <summary>
    /// The values of the sampled items in random order, so that the first few are a uniform sample too. Nodes that
    /// agree have the same values in the same order.
    /// </summary>
    public ReadOnlySpan<double> Values => _values;

    /// <summary>Returns the value below which about a given share of all items' values lies.</summary>
    /// <param name="share">The share, from 0 to 1; 0.5 is the median.</param>
    /// <returns>The value, or NaN if there are no items.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The share is not from 0 to 1.</exception>
    public double Quantile(double share)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(share is >= 0 and <= 1, true, nameof(share));
        return _sorted.Length == 0 ? double.NaN : _sorted[Math.Min((int)(share * _sorted.Length), _sorted.Length - 1)];
    }

    /// <summary>
    /// Returns the typical error of the rank of <see cref="Quantile"/>, as a share of all items: √(q(1 - q)/k). It is
    /// smaller if the sample is a large part of all items, and 0 if it contains all of them.
    /// </summary>
    /// <param name="share">The share, from 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The share is not from 0 to 1.</exception>
    public double RankError(double share)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(share is >= 0 and <= 1, true, nameof(share));
        var left = IsWhole ? 0 : Math.Max(0, 1 - (Count / _items));
        return Count == 0 ? double.PositiveInfinity : Math.Sqrt(share * (1 - share) / Count * left);
    }
}
