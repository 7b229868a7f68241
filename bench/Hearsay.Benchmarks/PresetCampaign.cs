using Hearsay.Protocols;
using Hearsay.Simulation;

namespace Hearsay.Benchmarks;

/// <summary>
/// What argues for the recommended preset: whole nodes in virtual time, N = 1,000, c = 30, delays of 1 to 5 ms, with
/// time-outs, tries and eviction as live. The overlay after 60 cycles; then half of the nodes are killed; and, in
/// another run, 1 % of the nodes per cycle crash and as many join through one seed.
/// </summary>
internal static class PresetCampaign
{
    private const int Nodes = 1000;

    public static int Run()
    {
        Console.WriteLine(
            "| selection, H, S | in-degree sd | largest | clustering | dead links 5 / 10 cycles after | none from "
            + "| dead entries per view under churn |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        foreach (var selection in new[] { PeerSelection.Rand, PeerSelection.Tail })
        {
            foreach (var (healing, swap) in new[] { (0, 0), (0, 15), (1, 14), (3, 12), (6, 9), (9, 6), (15, 0) })
            {
                Report(PeerSamplingOptions.Recommended with { Selection = selection, Healing = healing, Swap = swap });
            }
        }

        return 0;
    }

    private static void Report(PeerSamplingOptions options)
    {
        var network = Start(options, 60);
        var overlay = Measure(network);
        var dead = Kill(network);
        var none = dead.FindIndex(count => count == 0);
        Console.WriteLine(
            $"| {options.Selection}, {options.EffectiveHealing}, {options.EffectiveSwap} "
            + $"| {overlay.InDegreeDeviation:0.0} | {overlay.InDegreeMaximum} | {overlay.Clustering:0.000} "
            + $"| {dead[4]:N0} / {dead[9]:N0} | {(none < 0 ? $"more than {dead.Count}" : none + 1)} "
            + $"| {Churn(options):0.00} |");
    }

    private static VirtualNetwork Start(PeerSamplingOptions options, int cycles)
    {
        var network = new VirtualNetwork(new VirtualNetworkOptions { Seed = 7 });
        for (var i = 0; i < Nodes; i++)
        {
            network.Add(options);
        }

        network.Run(cycles * options.CycleTime);
        return network;
    }

    private static List<int> Kill(VirtualNetwork network)
    {
        var random = new SeededRandom(11);
        var order = network.Nodes.ToArray();
        random.Shuffle<VirtualNode>(order);
        Array.ForEach(order[..(Nodes / 2)], network.Kill);
        var dead = new List<int>();
        for (var cycle = 0; cycle < 60; cycle++)
        {
            network.Run(TimeSpan.FromSeconds(1));
            dead.Add(DeadLinks(network));
        }

        return dead;
    }

    private static double Churn(PeerSamplingOptions options)
    {
        const int Warm = 40;
        const int Cycles = 80;
        var network = Start(options, Warm);
        var random = new SeededRandom(13);
        var sum = 0.0;
        for (var cycle = 0; cycle < Cycles; cycle++)
        {
            for (var i = 0; i < Nodes / 100; i++)
            {
                // The seed stays: everybody who joins needs it.
                var up = network.Nodes.Skip(1).Where(node => node.IsUp).ToArray();
                network.Kill(up[random.Below(up.Length)]);
                network.Add(options);
            }

            network.Run(options.CycleTime);
            sum += cycle >= Cycles / 2 ? (double)DeadLinks(network) / Nodes : 0;
        }

        return sum / (Cycles / 2);
    }

    private static int DeadLinks(VirtualNetwork network)
    {
        var up = network.Nodes.Where(node => node.IsUp).ToArray();
        var ids = up.Select(node => node.Core.Self.Id).ToHashSet();
        return up.Sum(node => node.Core.View.Copy().Count(peer => !ids.Contains(peer.Id)));
    }

    private static OverlayMetrics Measure(VirtualNetwork network)
    {
        var index = network.Nodes.ToDictionary(node => node.Core.Self.Id, node => node.Index);
        var views = network.Nodes.Select(node => node.Core.View.Copy().Select(peer => index[peer.Id]).ToArray());
        return OverlayMetrics.Measure(OverlayGraph.FromViews([.. views]), pathSources: 1);
    }
}
