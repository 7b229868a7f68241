using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Hearsay.AspNetCore.Metrics;

/// <summary>The counts of one histogram with one set of tags, in the buckets that the instrument advises.</summary>
/// <remarks>Not thread safe: the exporter guards it.</remarks>
internal sealed class HistogramSeries
{
    /// <summary>For an instrument that advises none.</summary>
    private static readonly double[] s_usual = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private readonly double[] _bounds;
    private readonly long[] _counts;
    private readonly KeyValuePair<string, object?>[] _tags;
    private double _sum;

    /// <summary>Of an instrument and tags.</summary>
    public HistogramSeries(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        Instrument = instrument;
        _tags = tags.ToArray();
        _bounds = instrument is Histogram<double> { Advice.HistogramBucketBoundaries: { } advised }
            ? [.. advised] : s_usual;
        _counts = new long[_bounds.Length + 1];
    }

    /// <summary>The instrument.</summary>
    public Instrument Instrument { get; }

    /// <summary>Whether these are its instrument and tags.</summary>
    public bool Is(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (instrument != Instrument || tags.Length != _tags.Length)
        {
            return false;
        }

        for (var i = 0; i < tags.Length; i++)
        {
            if (tags[i].Key != _tags[i].Key || !Equals(tags[i].Value, _tags[i].Value))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A value.</summary>
    public void Take(double value)
    {
        var at = Array.BinarySearch(_bounds, value);
        _counts[at >= 0 ? at : ~at]++;
        _sum += value;
    }

    /// <summary>Its samples: the count up to each bound, the sum, and the count of all.</summary>
    public void AppendTo(StringBuilder text, string name)
    {
        var tags = new KeyValuePair<string, object?>[_tags.Length + 1];
        _tags.CopyTo(tags, 0);
        var count = 0L;
        for (var i = 0; i < _counts.Length; i++)
        {
            count += _counts[i];
            var bound = i < _bounds.Length ? _bounds[i].ToString(CultureInfo.InvariantCulture) : "+Inf";
            tags[^1] = new("le", bound);
            MetricText.AppendSample(text, name + "_bucket", count, tags);
        }

        MetricText.AppendSample(text, name + "_sum", _sum, _tags);
        MetricText.AppendSample(text, name + "_count", count, _tags);
    }
}
