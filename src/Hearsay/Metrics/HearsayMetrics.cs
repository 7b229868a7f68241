using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Hearsay.Features;
using Hearsay.Features.Contract;
using Hearsay.Loop;
using Hearsay.Threads;

namespace Hearsay.Metrics;

/// <summary>
/// The meter <c>Hearsay</c>: sums over all nodes that share it, by cluster. Read from the nodes' counters when a
/// listener asks, so measuring costs the nodes nothing. There is one meter for the process, and one for each factory of
/// meters that nodes were given.
/// </summary>
internal sealed class HearsayMetrics
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "Hearsay";

    private static readonly HearsayMetrics s_process = new(new Meter(MeterName));
    private static readonly ConditionalWeakTable<IMeterFactory, HearsayMetrics> s_ofFactories = [];

    private readonly Lock _gate = new();
    private readonly Meter _meter;

    /// <summary>For instruments that are not read but told.</summary>
    public Meter Meter => _meter;

    /// <summary>The nodes that run; replaced and never changed.</summary>
    private IMeteredNode[] _nodes = [];

    /// <summary>The numbers that instruments show; replaced and never changed.</summary>
    private NodeMetric[] _metrics = [];

    /// <summary>The features whose numbers they show.</summary>
    private readonly HashSet<FeatureDescription> _shown = [.. NodeFeatures.All];

    /// <summary>What nodes counted that have stopped.</summary>
    private readonly RetiredCounts _retired = new();

    private HearsayMetrics(Meter meter)
    {
        _meter = meter;
        Show(NodeMetric.All);
        _meter.CreateObservableCounter(
            "hearsay.pool.late",
            static () => DueScheduler.OfProcess.Pool!.TimeLate.TotalSeconds,
            "s",
            "How late the thread pool of this process was, the present stall included.");
        _meter.CreateObservableCounter(
            "hearsay.threads.refused",
            static () => ThreadStarter.OfProcess.Refused,
            "{thread}",
            "Threads that this process could not start.");

        _meter.CreateObservableUpDownCounter(
            "hearsay.nodes", () => Gauges(static nodes => nodes.Length), "{node}", "Nodes that run.");
        _meter.CreateObservableGauge(
            "hearsay.view.size",
            () => Gauges(static nodes => nodes.Average(node => node.ViewCount)), "{peer}", "Mean size of the views.");
        _meter.CreateObservableGauge(
            "hearsay.view.age", () => Gauges(MeanAge), "{cycle}", "Mean age of the entries of the views.");
        _meter.CreateObservableGauge(
            "hearsay.samples.age", () => Gauges(MeanSampleAge), "{cycle}",
            "Mean age of the peers that samplers handed out lately.");
        _meter.CreateObservableGauge(
            "hearsay.round_trip",
            () => Gauges(static nodes => nodes.Average(node => node.RoundTrip.TotalSeconds)),
            "s",
            "Mean smoothed round-trip time.");
    }

    /// <summary>The metrics of the nodes that were given a factory; null for those that were given none.</summary>
    public static HearsayMetrics For(IMeterFactory? factory)
    {
        if (factory is null)
        {
            return s_process;
        }

        // The table may call its maker twice, and the instruments of the loser would stay.
        lock (s_ofFactories)
        {
            return s_ofFactories.GetValue(factory, static one => new HearsayMetrics(one.Create(MeterName)));
        }
    }

    /// <summary>A node started.</summary>
    public void Add(IMeteredNode node)
    {
        lock (_gate)
        {
            _nodes = [.. _nodes, node];
            Show(node.Features.Descriptions.Where(_shown.Add).SelectMany(NodeMetric.Of).ToArray());
        }
    }

    /// <summary>A feature joined a node that runs.</summary>
    public void Show(FeatureDescription feature)
    {
        lock (_gate)
        {
            if (_shown.Add(feature))
            {
                Show(NodeMetric.Of(feature).ToArray());
            }
        }
    }

    /// <summary>A node stopped; what it counted stays in the sums.</summary>
    public void Remove(IMeteredNode node)
    {
        lock (_gate)
        {
            _nodes = [.. _nodes.Where(other => other != node)];
            _retired.Add(node, _metrics);
        }
    }

    /// <summary>Makes the instruments of numbers; those of one name are one instrument.</summary>
    private void Show(IReadOnlyCollection<NodeMetric> metrics)
    {
        _metrics = [.. _metrics, .. metrics];
        foreach (var group in metrics.GroupBy(static metric => metric.Name))
        {
            var (first, all) = (group.First(), group.ToArray());
            if (first.Kind == FeatureMetricKind.Largest)
            {
                _meter.CreateObservableGauge(
                    first.Name, () => all.SelectMany(Observe).Select(
                        reading => first.IsTime ? InSeconds(reading) : new(reading.Value, reading.Tags)),
                    first.Unit, first.Description);
            }
            else if (first.IsTime)
            {
                _meter.CreateObservableCounter(
                    first.Name, () => all.SelectMany(Observe).Select(InSeconds), first.Unit, first.Description);
            }
            else if (first.Kind == FeatureMetricKind.Count)
            {
                _meter.CreateObservableCounter(
                    first.Name, () => all.SelectMany(Observe).ToArray(), first.Unit, first.Description);
            }
            else
            {
                _meter.CreateObservableUpDownCounter(
                    first.Name, () => all.SelectMany(Observe).ToArray(), first.Unit, first.Description);
            }
        }
    }

    private Measurement<long>[] Observe(NodeMetric metric)
    {
        lock (_gate)
        {
            var sums = _retired.Of(metric);
            foreach (var node in _nodes)
            {
                var cluster = _retired.ClusterOf(node);
                var (before, here) = (sums.GetValueOrDefault(cluster), metric.Read(node));
                sums[cluster] = metric.Kind == FeatureMetricKind.Largest ? Math.Max(before, here) : before + here;
            }

            return [.. sums.Select(sum => new Measurement<long>(sum.Value, metric.TagsFor(sum.Key)))];
        }
    }

    private static Measurement<double> InSeconds(Measurement<long> ticks) =>
        new(ticks.Value / (double)TimeSpan.TicksPerSecond, ticks.Tags);

    private Measurement<double>[] Gauges(Func<IMeteredNode[], double> measure) =>
        Volatile.Read(ref _nodes)
            .GroupBy(node => node.Options.Cluster)
            .Select(nodes => new Measurement<double>(
                measure([.. nodes]), new KeyValuePair<string, object?>("hearsay.cluster", nodes.Key)))
            .ToArray();

    /// <summary>Each draw counts the same.</summary>
    private static double MeanSampleAge(IMeteredNode[] nodes)
    {
        var (draws, ages) = (0L, 0.0);
        foreach (var quality in nodes.SelectMany(static node => node.Loop.Core.Samplers.Qualities()))
        {
            draws += quality.Draws;
            ages += quality.Draws * quality.MeanAgeCycles;
        }

        return draws == 0 ? 0 : ages / draws;
    }

    private static double MeanAge(IMeteredNode[] nodes)
    {
        var peers = nodes.SelectMany(static node => node.Loop.Core.View.Copy());
        var ages = peers.Select(static peer => (double)peer.AgeCycles).ToArray();
        return ages.Length == 0 ? 0 : ages.Average();
    }
}
