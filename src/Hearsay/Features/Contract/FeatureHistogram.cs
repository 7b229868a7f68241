using System.Diagnostics.Metrics;

namespace Hearsay.Features.Contract;

/// <summary>
/// How often one node measured what: the counts of the node, for its snapshot, and the instrument that all nodes of a
/// meter share. Safe on any thread, and a value allocates nothing.
/// </summary>
/// <param name="meter">The meter; null for none.</param>
/// <param name="cluster">Of the node.</param>
/// <param name="name">The instrument.</param>
/// <param name="unit">Its unit.</param>
/// <param name="description">What it shows.</param>
/// <param name="bounds">The upper bounds of the buckets, without the last one, which has none.</param>
internal sealed class FeatureHistogram(
    Meter? meter, string cluster, string name, string unit, string description, double[] bounds)
{
    private readonly Histogram<double>? _shared = meter is null ? null : Histograms.Of(
        meter, name, unit, description, new InstrumentAdvice<double> { HistogramBucketBoundaries = bounds });

    private readonly KeyValuePair<string, object?> _cluster = new("hearsay.cluster", cluster);
    private readonly Lock _gate = new();
    private readonly long[] _counts = new long[bounds.Length + 1];
    private double _sum;

    /// <summary>The instrument.</summary>
    public string Name => name;

    /// <summary>Its unit.</summary>
    public string Unit => unit;

    /// <summary>What it shows.</summary>
    public string Description => description;

    /// <summary>The upper bounds of the buckets.</summary>
    public IReadOnlyList<double> Bounds => bounds;

    /// <summary>A value.</summary>
    public void Record(double value)
    {
        var at = Array.BinarySearch(bounds, value);
        lock (_gate)
        {
            _counts[at >= 0 ? at : ~at]++;
            _sum += value;
        }

        if (_shared is { Enabled: true } shared)
        {
            shared.Record(value, _cluster);
        }
    }

    /// <summary>How often each bucket was hit, and the sum of all values.</summary>
    public (long[] Counts, double Sum) Read()
    {
        lock (_gate)
        {
            return ([.. _counts], _sum);
        }
    }
}
