using System.Diagnostics.Metrics;
using Hearsay.Features;
using Hearsay.Features.Contract;
using Hearsay.Loop;

namespace Hearsay.Metrics;

/// <summary>
/// The meter <c>Hearsay</c>: sums over all nodes of this process, by cluster. Read from the nodes' counters when a
/// listener asks, so measuring costs the nodes nothing.
/// </summary>
internal static class HearsayMetrics
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "Hearsay";

    private static readonly Lock s_gate = new();
    private static readonly Meter s_meter = new(MeterName);

    /// <summary>The nodes that run; replaced and never changed.</summary>
    private static IMeteredNode[] s_nodes = [];

    /// <summary>The numbers that instruments show; replaced and never changed.</summary>
    private static NodeMetric[] s_metrics = [];

    /// <summary>The features whose numbers they show.</summary>
    private static readonly HashSet<FeatureDescription> s_shown = [.. NodeFeatures.All];

    /// <summary>What nodes counted that have stopped.</summary>
    private static readonly RetiredCounts s_retired = new();

    static HearsayMetrics()
    {
        Show(NodeMetric.All);
        s_meter.CreateObservableCounter(
            "hearsay.pool.late",
            static () => DueScheduler.OfProcess.Pool!.TimeLate.TotalSeconds,
            "s",
            "How late the thread pool of this process was, the present stall included.");

        s_meter.CreateObservableUpDownCounter(
            "hearsay.nodes", () => Gauges(static nodes => nodes.Length), "{node}", "Nodes that run.");
        s_meter.CreateObservableGauge(
            "hearsay.view.size",
            () => Gauges(static nodes => nodes.Average(node => node.ViewCount)), "{peer}", "Mean size of the views.");
        s_meter.CreateObservableGauge(
            "hearsay.view.age", () => Gauges(MeanAge), "{cycle}", "Mean age of the entries of the views.");
        s_meter.CreateObservableGauge(
            "hearsay.round_trip",
            () => Gauges(static nodes => nodes.Average(node => node.RoundTrip.TotalSeconds)),
            "s",
            "Mean smoothed round-trip time.");
    }

    /// <summary>A node started.</summary>
    public static void Add(IMeteredNode node)
    {
        lock (s_gate)
        {
            s_nodes = [.. s_nodes, node];
            Show(node.Features.Descriptions.Where(s_shown.Add).SelectMany(NodeMetric.Of).ToArray());
        }
    }

    /// <summary>A node stopped; what it counted stays in the sums.</summary>
    public static void Remove(IMeteredNode node)
    {
        lock (s_gate)
        {
            s_nodes = [.. s_nodes.Where(other => other != node)];
            s_retired.Add(node, s_metrics);
        }
    }

    /// <summary>Makes the instruments of numbers; those of one name are one instrument.</summary>
    private static void Show(IReadOnlyCollection<NodeMetric> metrics)
    {
        s_metrics = [.. s_metrics, .. metrics];
        foreach (var group in metrics.GroupBy(static metric => metric.Name))
        {
            var (first, all) = (group.First(), group.ToArray());
            if (first.IsTime)
            {
                s_meter.CreateObservableCounter(
                    first.Name, () => all.SelectMany(Observe).Select(InSeconds), first.Unit, first.Description);
            }
            else if (first.Kind == FeatureMetricKind.Count)
            {
                s_meter.CreateObservableCounter(
                    first.Name, () => all.SelectMany(Observe).ToArray(), first.Unit, first.Description);
            }
            else
            {
                s_meter.CreateObservableUpDownCounter(
                    first.Name, () => all.SelectMany(Observe).ToArray(), first.Unit, first.Description);
            }
        }
    }

    private static Measurement<long>[] Observe(NodeMetric metric)
    {
        lock (s_gate)
        {
            var sums = s_retired.Of(metric);
            foreach (var node in s_nodes)
            {
                var cluster = s_retired.ClusterOf(node);
                sums[cluster] = sums.GetValueOrDefault(cluster) + metric.Read(node);
            }

            return [.. sums.Select(sum => new Measurement<long>(sum.Value, metric.TagsFor(sum.Key)))];
        }
    }

    private static Measurement<double> InSeconds(Measurement<long> ticks) =>
        new(ticks.Value / (double)TimeSpan.TicksPerSecond, ticks.Tags);

    private static Measurement<double>[] Gauges(Func<IMeteredNode[], double> measure) =>
        Volatile.Read(ref s_nodes)
            .GroupBy(node => node.Options.Cluster)
            .Select(nodes => new Measurement<double>(
                measure([.. nodes]), new KeyValuePair<string, object?>("hearsay.cluster", nodes.Key)))
            .ToArray();

    private static double MeanAge(IMeteredNode[] nodes)
    {
        var peers = nodes.SelectMany(static node => node.Loop.Core.View.Copy());
        var ages = peers.Select(static peer => (double)peer.AgeCycles).ToArray();
        return ages.Length == 0 ? 0 : ages.Average();
    }
}
