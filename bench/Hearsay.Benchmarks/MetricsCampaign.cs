using System.Diagnostics;
using Hearsay.Simulation;

namespace Hearsay.Benchmarks;

/// <summary>
/// The overlay's figures at a million nodes: in-degrees exact, clustering and path length sampled to a standard error
/// of 1 %, one thread. <c>metrics [nodes] [cycles]</c>
/// </summary>
internal static class MetricsCampaign
{
    private const double Error = 0.01;
    private const double MostSeconds = 10;

    public static int Run(string[] args)
    {
        var nodes = args.Length > 1 ? int.Parse(args[1]) : 1_000_000;
        var cycles = args.Length > 2 ? int.Parse(args[2]) : 20;
        var holds = true;
        foreach (var (name, options) in new[]
        {
            ("swapper", PeerSamplingOptions.Swapper), ("healer", PeerSamplingOptions.Healer),
        })
        {
            using var engine = new BulkEngine(new CycleOptions { Rules = options.ToRules(), Seed = 1 }, nodes);
            engine.Run(cycles);
            Console.WriteLine($"{name}, N = {nodes:n0}, {cycles} cycles after a random start");
            holds &= Measure(engine);
        }

        Console.WriteLine($"peak memory: {Process.GetCurrentProcess().PeakWorkingSet64 / 1e6:n0} MB");
        Console.WriteLine(holds ? "all figures reached" : "NOT all figures reached");
        return holds ? 0 : 1;
    }

    private static bool Measure(ICycleEngine engine)
    {
        var total = 0.0;
        var degrees = Timed("in-degrees off the views", () => InDegreeMetric.Of(engine), ref total);
        var graph = Timed("overlay as rows, both directions", engine.Snapshot, ref total);
        var clustering = Timed("clustering", () => ClusteringMetric.Sample(graph, Error, seed: 1), ref total);
        var paths = Timed(
            "path length",
            () => PathLengthMetric.Measure(graph, OverlayMetrics.DefaultPathSources, seed: 1),
            ref total);
        var pathError = paths.StandardError / paths.Mean;
        Console.WriteLine($"  in-degree: mean {degrees.Average():0.00}, max {degrees.Max()}");
        Console.WriteLine(
            $"  clustering {clustering.Value:0.000000}, standard error {clustering.RelativeError:0.000%} "
            + $"from {clustering.Samples:n0} nodes");
        Console.WriteLine(
            $"  path length {paths.Mean:0.0000}, standard error {pathError:0.0000%} from {paths.Sources} sources");
        Console.WriteLine($"  together {total:0.0} s of CPU");
        var other = 0.0;
        var (count, largest) = Timed("components", () => ComponentMetric.Of(graph), ref other);
        var strong = Timed("strong components", () => StrongComponentMetric.Of(graph), ref other);
        Console.WriteLine($"  components {count} (largest {largest:n0}), strong {strong.Count} ({strong.Largest:n0})");
        return total < MostSeconds && clustering.RelativeError <= Error && pathError <= Error;
    }

    private static T Timed<T>(string what, Func<T> measure, ref double total)
    {
        var (cpu, watch) = (Environment.CpuUsage.TotalTime, Stopwatch.StartNew());
        var result = measure();
        var seconds = (Environment.CpuUsage.TotalTime - cpu).TotalSeconds;
        total += seconds;
        Console.WriteLine($"  {what}: {seconds:0.00} s of CPU, {watch.Elapsed.TotalSeconds:0.00} s by the clock");
        return result;
    }
}
