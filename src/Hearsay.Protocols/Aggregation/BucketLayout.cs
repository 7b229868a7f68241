namespace Hearsay.Protocols;

/// <summary>
/// The buckets of a distribution, the same on all nodes because they follow from the definition: of equal relative
/// width for quantiles, of equal width for a histogram. Immutable; thread safe.
/// </summary>
internal sealed class BucketLayout
{
    /// <summary>The relative error of quantiles if none is said.</summary>
    public const double DefaultAccuracy = 0.01;

    /// <summary>The bins of a histogram if their number is not said.</summary>
    public const int DefaultBins = 32;

    /// <summary>Buckets of values of one sign only; at 1 % they span 26 powers of ten.</summary>
    private const int UnsignedBuckets = 3000;

    /// <summary>Buckets of each sign; at 1 % they span 13 powers of ten.</summary>
    private const int SignedBuckets = 1500;

    private const double Least = 1e-6;

    private readonly DDSketch? _sketch;
    private readonly double _low;
    private readonly double _high;

    public BucketLayout(AggregateDefinition definition)
    {
        (_low, _high) = (definition.Minimum ?? double.NegativeInfinity, definition.Maximum ?? double.PositiveInfinity);
        if (definition.Kind == AggregateKind.Quantiles)
        {
            var buckets = _low < 0 ? SignedBuckets : UnsignedBuckets;
            _sketch = new DDSketch(definition.Precision ?? DefaultAccuracy, buckets, Least, _low < 0);
        }

        Count = _sketch?.Length ?? (int)(definition.Precision ?? DefaultBins);
    }

    /// <summary>How many there are.</summary>
    public int Count { get; }

    /// <summary>The bucket of a value; what is out of bounds belongs to the outermost.</summary>
    public int IndexOf(double value)
    {
        value = Math.Clamp(value, _low, _high);
        return _sketch?.IndexOf(value) ?? Math.Min(Count - 1, (int)(Count * ((value - _low) / (_high - _low))));
    }

    /// <summary>Where a bucket of a histogram begins, or the value that stands for one of a sketch.</summary>
    public double At(int index) => _sketch?.ValueAt(index) ?? _low + (index * (_high - _low) / Count);

    /// <summary>A quantile of the values behind counts; NaN if there are none.</summary>
    public double Quantile(ReadOnlySpan<double> counts, double quantile)
    {
        if (_sketch is not null)
        {
            return _sketch.Quantile(counts, quantile);
        }

        var total = 0.0;
        foreach (var count in counts)
        {
            total += Math.Max(0, count);
        }

        var wanted = quantile * total;
        for (var i = 0; i < Count && total > 0; i++)
        {
            var count = Math.Max(0, counts[i]);
            if (count > 0 && wanted <= count)
            {
                // Within a bin values are taken to lie evenly.
                return At(i) + (wanted / count * (At(1) - At(0)));
            }

            wanted -= count;
        }

        return total > 0 ? _high : double.NaN;
    }
}
