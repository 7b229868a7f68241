using Hearsay.Simulation;

namespace Hearsay.Benchmarks;

/// <summary>
/// Live equals theory: 200 real nodes, c = 20, rand, pushpull, against the cycle engine over the same kernels. Both
/// sides are means over runs of the same length; the ratios shall be within 10 %.
/// </summary>
internal static class TheoryCampaign
{
    private const int Nodes = 200;
    private const int ViewSize = 20;
    private const int WarmUpCycles = 40;
    private const int Cycles = 60;
    private const int Runs = 3;

    private static readonly TimeSpan CycleTime = TimeSpan.FromMilliseconds(250);

    public static async Task<int> RunAsync()
    {
        Console.WriteLine("| preset | sd live | sd theory | ratio | clustering live | clustering theory | ratio |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        var holds = true;
        foreach (var preset in new[] { "blind", "healer", "swapper" })
        {
            PeerSamplingOptions.TryGetPreset(preset, out var options);
            options = options.WithViewSize(ViewSize) with { CycleTime = CycleTime };
            var live = await LiveAsync(options);
            var theory = Theory(options);
            var (sd, clustering) = (live.Deviation / theory.Deviation, live.Clustering / theory.Clustering);
            holds &= Math.Abs(sd - 1) <= 0.1 && Math.Abs(clustering - 1) <= 0.1;
            Console.WriteLine(
                $"| {preset} | {live.Deviation:0.00} | {theory.Deviation:0.00} | {sd:0.000} "
                + $"| {live.Clustering:0.000} | {theory.Clustering:0.000} | {clustering:0.000} |");
        }

        Console.WriteLine(holds ? "all within 10 %" : "NOT all within 10 %");
        return holds ? 0 : 1;
    }

    private static async Task<(double Deviation, double Clustering)> LiveAsync(PeerSamplingOptions options)
    {
        var measured = new List<OverlayMetrics>();
        for (var run = 0; run < Runs; run++)
        {
            await using var network = await LiveNetwork.StartAsync(Nodes, options);
            await Task.Delay(CycleTime * WarmUpCycles);
            for (var cycle = 0; cycle < Cycles; cycle++)
            {
                await Task.Delay(CycleTime);
                measured.Add(network.Measure());
            }
        }

        return Mean(measured);
    }

    private static (double Deviation, double Clustering) Theory(PeerSamplingOptions options)
    {
        var measured = new List<OverlayMetrics>();
        for (var run = 0; run < 10; run++)
        {
            var engine = new CycleRunner(
                new CycleOptions { Rules = options.ToRules(), Seed = (ulong)run + 1 }, Nodes, OverlayStart.Random);
            engine.Run(WarmUpCycles);
            for (var cycle = 0; cycle < Cycles; cycle++)
            {
                engine.Run(1);
                measured.Add(OverlayMetrics.Measure(engine.Snapshot(), pathSources: 1));
            }
        }

        return Mean(measured);
    }

    private static (double Deviation, double Clustering) Mean(List<OverlayMetrics> measured) =>
        (measured.Average(metrics => metrics.InDegreeDeviation), measured.Average(metrics => metrics.Clustering));
}
