using System.Diagnostics;
using System.Globalization;
using Hearsay.Simulation;
using Hearsay.Simulation.Neighbours;

namespace Hearsay.Benchmarks;

/// <summary>
/// The overlay of stable neighbours at N = 10,000, delays uniform from 10 to 50 ms: its figures once it is quiet, then
/// crashes of a share of all nodes at once, with floods right after and after each membership cycle (a shuffle period).
/// Arguments: N, shares in percent.
/// </summary>
internal static class NeighbourCampaign
{
    private const int Floods = 10;

    public static int Run(string[] args)
    {
        var nodes = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 10_000;
        int[] shares = args.Length > 1
            ? [.. args[1..].Select(text => int.Parse(text, CultureInfo.InvariantCulture))] : [0];
        foreach (var share in shares)
        {
            Once(nodes, share);
        }

        return 0;
    }

    private static void Once(int nodes, int share)
    {
        var clock = Stopwatch.StartNew();
        var network = new VirtualNetworkOptions
        {
            MinimumLatency = TimeSpan.FromMilliseconds(10), MaximumLatency = TimeSpan.FromMilliseconds(50),
        };
        var swarm = new NeighbourSwarm(network: network);
        swarm.Add(nodes, TimeSpan.FromMilliseconds(2));
        swarm.Network.Run(TimeSpan.FromSeconds(40));
        Report(swarm, $"N = {nodes}, quiet", clock);
        Console.WriteLine($"one-sided for two seconds: {swarm.OneSided()}");
        if (share == 0)
        {
            return;
        }

        var period = new NeighbourOptions().ShufflePeriod;
        swarm.Kill(nodes * share / 100);
        for (var cycle = 0; cycle <= 4; cycle++)
        {
            var floods = Enumerable.Range(0, Floods).Select(_ => swarm.Flood()).ToArray();
            var spans = new[] { 1, 2, 4, 8 };
            var reach = new List<string>();
            var passed = 0;
            foreach (var seconds in spans)
            {
                swarm.Network.Run(TimeSpan.FromSeconds(seconds - passed));
                passed = seconds;
                reach.Add($"{seconds} s {floods.Average(swarm.Reach):0.00000}");
            }

            Report(swarm, $"{share} % killed, cycle {cycle}: reach after {string.Join(", ", reach)};", clock);
            swarm.Network.Run(period - TimeSpan.FromSeconds(passed));
        }
    }

    private static void Report(NeighbourSwarm swarm, string what, Stopwatch clock)
    {
        var oneSided = swarm.OneSidedNow().Count;
        var graph = swarm.Graph();
        var metrics = OverlayMetrics.Measure(graph);
        var up = swarm.Up.ToArray();
        var full = up.Count(index => swarm.Count(index) == swarm.Neighbours[index].Capacity) / (double)up.Length;
        Console.WriteLine(
            $"{what} degree {metrics.MeanDegree:0.000}, full {full:0.0000}, one-sided {oneSided}, dead "
            + $"{swarm.Dead()}, path {metrics.PathLength:0.000}, clustering {metrics.Clustering:0.00000}, largest part "
            + $"{metrics.LargestComponent} of {up.Length}; {clock.Elapsed.TotalSeconds:0} s, "
            + $"{swarm.Network.EventsHandled:N0} events");
    }
}
