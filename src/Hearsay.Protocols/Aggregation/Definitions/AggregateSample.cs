namespace Hearsay;

/// <summary>
/// A uniform sample of the items of all nodes, as one node knows it at the end of an epoch. Immutable; may be used from
/// any thread. Source: bottom-k sketches (Cohen, Kaplan, PODC 2007).
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

    /// <summary>How many items it holds.</summary>
    public int Count => _values.Length;

    /// <summary>Whether it holds all items there are, because there are fewer than it has room for.</summary>
    public bool IsWhole { get; }

    /// <summary>
    /// The values of the sampled items in random order: any few of them are a uniform sample too. The same on all nodes
    /// that agree.
    /// </summary>
    public ReadOnlySpan<double> Values => _values;

    /// <summary>The value below which about a share of all items' values lies.</summary>
    /// <param name="share">From 0 to 1; 0.5 is the median.</param>
    /// <returns>NaN if there are no items.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The share is not from 0 to 1.</exception>
    public double Quantile(double share)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(share is >= 0 and <= 1, true, nameof(share));
        return _sorted.Length == 0 ? double.NaN : _sorted[Math.Min((int)(share * _sorted.Length), _sorted.Length - 1)];
    }

    /// <summary>
    /// How far the rank of <see cref="Quantile"/> is typically from the share, as a share of all items: √(q(1 - q)/k),
    /// less where the sample is a large part of all, and 0 if it is all.
    /// </summary>
    /// <param name="share">From 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The share is not from 0 to 1.</exception>
    public double RankError(double share)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(share is >= 0 and <= 1, true, nameof(share));
        var left = IsWhole ? 0 : Math.Max(0, 1 - (Count / _items));
        return Count == 0 ? double.PositiveInfinity : Math.Sqrt(share * (1 - share) / Count * left);
    }
}
