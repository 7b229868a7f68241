using Hearsay.Protocols.Aggregation.Sketches;

namespace Hearsay.Protocols.Aggregation.Definitions;

/// <summary>
/// The buckets of a distribution, the same on all nodes because they follow from the definition: of equal relative
/// width for quantiles, of equal width for a histogram. Immutable; thread safe.
/// </summary>
/// <remarks>
/// Buckets of relative width span a range: up to 26 powers of ten below the larger bound where bounds are given, from
/// 10⁻⁹ to 10¹⁷ where they are not (at 1 %; finer ones span fewer). What is smaller counts as zero, and the estimate
/// says by how much that may be wrong. What is larger is out of range: there is a bucket for it on either side, whose
/// value and error are infinite.
/// </remarks>
internal sealed class BucketLayout
{
    /// <summary>The relative error of quantiles if none is said.</summary>
    public const double DefaultAccuracy = 0.01;

    /// <summary>The bins of a histogram if their number is not said.</summary>
    public const int DefaultBins = 32;

    /// <summary>Powers of ten that buckets span, if there need not be too many.</summary>
    private const double Decades = 26;

    /// <summary>Buckets of each sign: 24 KB on the wire if both signs have values in all of them.</summary>
    private const int MaximumBuckets = 3000;

    /// <summary>Without bounds the largest value in range.</summary>
    private const double Greatest = 1e17;

    /// <summary>Nothing smaller is told from zero: below it numbers lose digits.</summary>
    private const double Smallest = 1e-290;

    private readonly DDSketch? _sketch;
    private readonly bool _isBounded;
    private readonly double _low;
    private readonly double _high;

    public BucketLayout(AggregateDefinition definition)
    {
        _isBounded = definition.Minimum is not null;
        (_low, _high) = (definition.Minimum ?? double.NegativeInfinity, definition.Maximum ?? double.PositiveInfinity);
        _sketch = definition.Kind == AggregateKind.Quantiles
            ? SketchOf(definition.Precision ?? DefaultAccuracy) : null;
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

    /// <summary>
    /// Where a bucket of a histogram begins, or the value that stands for one of a sketch: infinite out of range.
    /// </summary>
    public double At(int index) => _sketch is null ? _low + (index * (_high - _low) / Count)
        : IsOutOfRange(index) ? (index == 0 ? double.NegativeInfinity : double.PositiveInfinity)
        : _sketch.ValueAt(index);

    /// <summary>A quantile of the values behind counts; NaN if there are none.</summary>
    public double Quantile(ReadOnlySpan<double> counts, double quantile)
    {
        var (index, share) = Find(counts, quantile);
        // Within a bin of a histogram values are taken to lie evenly.
        return index < 0 ? double.NaN : _sketch is null ? At(index) + (share * (At(1) - At(0))) : At(index);
    }

    /// <summary>How far a quantile may be from the value at its rank; NaN if there are no values.</summary>
    public double ErrorOf(ReadOnlySpan<double> counts, double quantile)
    {
        var (index, _) = Find(counts, quantile);
        return index < 0 ? double.NaN
            : _sketch is null ? (At(1) - At(0)) / 2
            : IsOutOfRange(index) ? double.PositiveInfinity
            : index == _sketch.Zero ? _sketch.Least : _sketch.Accuracy * Math.Abs(At(index));
    }

    /// <summary>The bucket of a rank, and how far into it the rank is.</summary>
    private (int Index, double Share) Find(ReadOnlySpan<double> counts, double quantile)
    {
        if (_sketch is not null)
        {
            return (DDSketch.IndexOfQuantile(counts, quantile), 0);
        }

        var total = 0.0;
        foreach (var count in counts)
        {
            total += Math.Max(0, count);
        }

        var (wanted, last) = (quantile * total, -1);
        for (var i = 0; i < Count && total > 0; i++)
        {
            var count = Math.Max(0, counts[i]);
            if (count > 0 && wanted <= count)
            {
                return (i, wanted / count);
            }

            (wanted, last) = (wanted - count, count > 0 ? i : last);
        }

        return (last, 1);
    }

    private DDSketch SketchOf(double accuracy)
    {
        var perDecade = Math.Log(10) / Math.Log((1 + accuracy) / (1 - accuracy));
        var greatest = _isBounded ? Math.Max(Math.Abs(_low), Math.Abs(_high)) : Greatest;
        var decades = _low > 0 ? Math.Min(Decades, Math.Log10(greatest / _low)) : Decades;
        var buckets = (int)Math.Clamp(Math.Ceiling(decades * perDecade) + 1, 2, MaximumBuckets - 1);
        var least = Math.Max(Smallest, greatest * Math.Pow(10, -(buckets - 1) / perDecade));
        return new DDSketch(accuracy, _isBounded ? buckets : buckets + 1, least, !(_low >= 0));
    }

    /// <summary>Without bounds the outermost buckets hold what is beyond the range.</summary>
    private bool IsOutOfRange(int index) => !_isBounded && (index == Count - 1 || index == 0);
}
