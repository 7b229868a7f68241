using System.Diagnostics;
using Hearsay.Protocols;
using Hearsay.Simulation;

namespace Hearsay.Benchmarks;

/// <summary>
/// The bulk engine at N = 1,000,000, c = 30, pushpull against the plain one-thread memory probe of the same run:
/// shares for corners and middle of the (H, S) triangle, what a second thread adds, and whether the state is the same.
/// <c>bulk [nodes] [cycles] [threads]</c>
/// </summary>
internal static class BulkCampaign
{
    private const int WarmUpCycles = 6;
    private const double LeastShare = 0.14;
    private const double LeastSwapperShare = 0.20;
    private const double LeastSpeedUp = 1.6;

    private static readonly (int Healing, int Swap)[] Points =
        [(0, 0), (0, 15), (15, 0), (1, 14), (8, 7), (3, 12), (1, 0), (5, 5)];

    public static int Run(string[] args)
    {
        var nodes = args.Length > 1 ? int.Parse(args[1]) : 1_000_000;
        var cycles = args.Length > 2 ? int.Parse(args[2]) : 3;
        var threads = args.Length > 3 ? int.Parse(args[3]) : 2;
        using var probe = new MemoryProbe(nodes);
        Console.WriteLine($"N = {nodes:n0}, c = 30, pushpull; M/s is millions of exchanges per second of CPU time");
        Console.WriteLine(
            $"| selection | H | S | M/s | probe M/s | share "
            + $"| {threads} threads: gain by the clock | by CPU time | same state |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|");
        var holds = true;
        _ = Rate(RulesOf(PeerSelection.Tail, 8, 7), 50_000, 40, threads: 1, out _, out _);
        foreach (var selection in new[] { PeerSelection.Rand, PeerSelection.Tail })
        {
            foreach (var (healing, swap) in Points)
            {
                holds &= Measure(selection, healing, swap, nodes, cycles, threads, probe);
            }
        }

        var peak = Process.GetCurrentProcess().PeakWorkingSet64 / 1e6;
        Console.WriteLine($"peak memory, the probe's {nodes * 240 / 1e6:n0} MB included: {peak:n0} MB");
        Console.WriteLine(holds ? "all figures reached" : "NOT all figures reached");
        return holds ? 0 : 1;
    }

    private static ExchangeRules RulesOf(PeerSelection selection, int healing, int swap) => new(
        ExchangeForm.HalfViews, selection, Propagation.PushPull, ViewSize: 30, healing, swap, ShuffleLength: 0);

    private static bool Measure(
        PeerSelection selection, int healing, int swap, int nodes, int cycles, int threads, MemoryProbe probe)
    {
        var rules = RulesOf(selection, healing, swap);
        var before = ProbeRate(probe, nodes);
        var one = Rate(rules, nodes, cycles, threads: 1, out var state, out var bytes);
        var several = Rate(rules, nodes, cycles, threads, out var sameState, out _);
        var probed = (before + ProbeRate(probe, nodes)) / 2;
        var (share, same) = (one.ByCpu / probed, state == sameState);
        var (gain, ideal) = (several.ByClock / one.ByClock, threads * several.ByCpu / one.ByCpu);
        Console.WriteLine(
            $"| {selection} | {healing} | {swap} | {one.ByCpu / 1e6:0.00} | {probed / 1e6:0.00} | {share:0.000} "
            + $"| {gain:0.00} | {ideal:0.00} | {(same ? "yes" : "NO")} |");
        var least = swap == 15 ? LeastSwapperShare : LeastShare;
        return share >= least && gain >= LeastSpeedUp && same && bytes <= 250L * nodes;
    }

    /// <summary>Exchanges per second, by the clock and of CPU time: others may use the machine.</summary>
    private static (double ByClock, double ByCpu) Rate(
        in ExchangeRules rules, int nodes, int cycles, int threads, out ulong state, out long bytes)
    {
        using var engine = new BulkEngine(new CycleOptions { Rules = rules, Seed = 1 }, nodes, threads: threads);
        engine.Run(WarmUpCycles);
        var (exchanges, watch, cpu) = (engine.Exchanges, Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        engine.Run(cycles);
        double done = engine.Exchanges - exchanges;
        var rate = (done / watch.Elapsed.TotalSeconds,
            done / (Environment.CpuUsage.TotalTime - cpu).TotalSeconds);
        (state, bytes) = (engine.StateHash(), engine.StateBytes);
        return rate;
    }

    private static double ProbeRate(MemoryProbe probe, int nodes)
    {
        var best = 0.0;
        for (var i = 0; i < 3; i++)
        {
            var cpu = Environment.CpuUsage.TotalTime;
            probe.Run();
            best = Math.Max(best, nodes / (Environment.CpuUsage.TotalTime - cpu).TotalSeconds);
        }

        return best;
    }
}
