using System.Diagnostics;
using Hearsay.Protocols;
using Hearsay.Simulation;

namespace Hearsay.Benchmarks;

/// <summary>
/// The bulk engine at N = 1,000,000, c = 30, pushpull against the plain one-thread memory probe of the same run:
/// shares for corners and middle of the (H, S) triangle, what a second thread adds, and whether the state is the same.
/// Every figure is the median of as many rounds as there are cycles, at least three.
/// <c>bulk [nodes] [cycles] [threads]</c>
/// </summary>
internal static class BulkCampaign
{
    private const int WarmUpCycles = 6;
    private const int LeastRounds = 3;
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
        MemoryProbe[] parts = [.. Enumerable.Range(0, threads).Select(_ => new MemoryProbe(nodes / threads))];
        Console.WriteLine($"N = {nodes:n0}, c = 30, pushpull; M/s is millions of exchanges per second of CPU time");
        Console.WriteLine(
            $"| selection | H | S | M/s | probe M/s | share | least to most "
            + $"| {threads} threads: gain by the clock | the probe's gain | by CPU time | ran | same state |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|---|");
        var holds = true;
        WarmUp();
        foreach (var selection in new[] { PeerSelection.Rand, PeerSelection.Tail })
        {
            foreach (var (healing, swap) in Points)
            {
                holds &= Measure(selection, healing, swap, nodes, cycles, probe, parts);
            }
        }

        Console.WriteLine(
            $"Medians of {Math.Max(cycles, LeastRounds)} rounds: the probe, a cycle on one thread, one on {threads}, "
            + "the probe. \"The probe's gain\" is that of as many probes at once, each with its part of the views and "
            + "nothing to wait for: what the machine allowed at that moment. "
            + "\"Ran\" is the share of the time that the one thread had a processor: below 0.95 the machine "
            + "is busy, and the gain by the clock says little.");
        var peak = Process.GetCurrentProcess().PeakWorkingSet64 / 1e6;
        Console.WriteLine($"peak memory, the probe's {nodes * 240 / 1e6:n0} MB included: {peak:n0} MB");
        Console.WriteLine(holds ? "all figures reached" : "NOT all figures reached");
        return holds ? 0 : 1;
    }

    /// <summary>Until the compiler has optimised every part.</summary>
    private static void WarmUp()
    {
        using var engine = new BulkEngine(
            new CycleOptions { Rules = RulesOf(PeerSelection.Tail, 8, 7), Seed = 1 }, 50_000, threads: 1);
        engine.Run(40);
    }

    private static ExchangeRules RulesOf(PeerSelection selection, int healing, int swap) => new(
        ExchangeForm.HalfViews, selection, Propagation.PushPull, ViewSize: 30, healing, swap, ShuffleLength: 0);

    private static bool Measure(
        PeerSelection selection, int healing, int swap, int nodes, int cycles, MemoryProbe probe, MemoryProbe[] parts)
    {
        var threads = parts.Length;
        var options = new CycleOptions { Rules = RulesOf(selection, healing, swap), Seed = 1 };
        using var one = new BulkEngine(options, nodes, threads: 1);
        using var several = new BulkEngine(options, nodes, threads: threads);
        one.Run(WarmUpCycles);
        several.Run(WarmUpCycles);
        var rounds = new List<Round>();
        for (var i = 0; i < Math.Max(cycles, LeastRounds); i++)
        {
            rounds.Add(Round.Measure(one, several, probe, parts, nodes));
        }

        var (share, gain) = (Median(rounds, round => round.Share), Median(rounds, round => round.GainByClock));
        var same = one.StateHash() == several.StateHash();
        Console.WriteLine(
            $"| {selection} | {healing} | {swap} | {Median(rounds, round => round.One.ByCpu) / 1e6:0.00} "
            + $"| {Median(rounds, round => round.Probe) / 1e6:0.00} | {share:0.000} "
            + $"| {rounds.Min(round => round.Share):0.000} to {rounds.Max(round => round.Share):0.000} | {gain:0.00} "
            + $"| {Median(rounds, round => round.ProbeGain):0.00} "
            + $"| {threads * Median(rounds, round => round.Several.ByCpu / round.One.ByCpu):0.00} "
            + $"| {Median(rounds, round => round.Running):0.00} | {(same ? "yes" : "NO")} |");
        var least = swap == 15 ? LeastSwapperShare : LeastShare;
        return share >= least && gain >= LeastSpeedUp && same && one.StateBytes <= 250L * nodes;
    }

    private static double Median(List<Round> rounds, Func<Round, double> valueOf)
    {
        var values = rounds.ConvertAll(round => valueOf(round));
        values.Sort();
        return (values[(values.Count - 1) / 2] + values[values.Count / 2]) / 2;
    }

    /// <summary>
    /// A pass of the probe, a cycle on one thread, one on several and a pass again, close together, so that what else
    /// the machine does meets all of them.
    /// </summary>
    private readonly record struct Round(double Probe, double ProbeGain, Rates One, Rates Several)
    {
        public double Share => One.ByCpu / Probe;

        public double GainByClock => Several.ByClock / One.ByClock;

        /// <summary>The share of the time that the one thread ran at all.</summary>
        public double Running => One.ByClock / One.ByCpu;

        public static Round Measure(
            BulkEngine one, BulkEngine several, MemoryProbe probe, MemoryProbe[] parts, int nodes)
        {
            var before = ProbeRate(probe, nodes);
            var (alone, together) = (Rates.Of(one), Rates.Of(several));
            var rate = (before + ProbeRate(probe, nodes)) / 2;
            return new Round(rate, Seconds(probe.Run) / Seconds(() => RunAll(parts)), alone, together);
        }

        private static void RunAll(MemoryProbe[] parts)
        {
            Thread[] others = [.. parts.Skip(1).Select(static part => new Thread(part.Run))];
            Array.ForEach(others, static other => other.Start());
            parts[0].Run();
            Array.ForEach(others, static other => other.Join());
        }

        private static double Seconds(Action run)
        {
            var watch = Stopwatch.StartNew();
            run();
            return watch.Elapsed.TotalSeconds;
        }

        private static double ProbeRate(MemoryProbe probe, int nodes)
        {
            var cpu = Environment.CpuUsage.TotalTime;
            probe.Run();
            return nodes / (Environment.CpuUsage.TotalTime - cpu).TotalSeconds;
        }
    }

    /// <summary>Exchanges per second of a cycle, by the clock and of CPU time: others may use the machine.</summary>
    private readonly record struct Rates(double ByClock, double ByCpu)
    {
        public static Rates Of(BulkEngine engine)
        {
            var (exchanges, watch, cpu) = (engine.Exchanges, Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
            engine.Run(1);
            double done = engine.Exchanges - exchanges;
            return new Rates(
                done / watch.Elapsed.TotalSeconds, done / (Environment.CpuUsage.TotalTime - cpu).TotalSeconds);
        }
    }
}
