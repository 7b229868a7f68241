using System.Globalization;
using Hearsay.Protocols;
using Hearsay.Simulation;

namespace Hearsay.Benchmarks;

/// <summary>
/// The figures of docs/protocols/broadcast.md: a row for each setting with mean and standard deviation over seeds, and
/// crashes and churn over neighbours that nodes look after themselves.
/// </summary>
internal static class BroadcastRows
{
    private static readonly (string Name, BroadcastRunOptions Options)[] s_rows =
    [
        ("flood K=5", new() { Mode = BroadcastMode.Flood, Warmup = 0 }),
        ("flood K=8", new() { Mode = BroadcastMode.Flood, Warmup = 0, Degree = 8 }),
        ("auto K=5", new()),
        ("auto K=8", new() { Degree = 8 }),
        ("auto K=5 loss 10 %", new() { Loss = 0.1 }),
        ("auto K=8 loss 10 %", new() { Degree = 8, Loss = 0.1 }),
        ("auto K=5 loss 1 %", new() { Loss = 0.01 }),
        ("auto K=8 loss 1 %", new() { Degree = 8, Loss = 0.01 }),
        ("auto K=5 ten sources", new() { SourceCount = 10 }),
        ("one tree for all K=5 ten sources, graft 400 ms", new()
        {
            Mode = BroadcastMode.Tree, SharedTree = true, SourceCount = 10,
            GraftTimeout = TimeSpan.FromMilliseconds(400),
        }),
        ("hybrid K=5", new() { Mode = BroadcastMode.Hybrid, Warmup = 0 }),
        ("hybrid K=5 loss 10 %", new() { Mode = BroadcastMode.Hybrid, Loss = 0.1, Warmup = 0 }),
        ("hybrid K=8 loss 10 %", new() { Mode = BroadcastMode.Hybrid, Degree = 8, Loss = 0.1, Warmup = 0 }),
    ];

    /// <summary>
    /// All rows: seeds, messages, nodes, and a part of the names of the rows that are wanted; "repair=off" and
    /// "size=unknown" as in <see cref="BroadcastCampaign"/>.
    /// </summary>
    public static int Campaign(string[] args)
    {
        var known = new BroadcastRunOptions
        {
            RepairInterval = args.Contains("repair=off") ? null : new BroadcastRunOptions().RepairInterval,
            Size = args.Contains("size=unknown") ? SizeKnowledge.Unknown : SizeKnowledge.Estimated,
        };
        args = [.. args.Where(static arg => !arg.Contains('=', StringComparison.Ordinal))];
        var (seeds, messages, nodes) = (Whole(args, 0, 10), Whole(args, 1, 100), Whole(args, 2, 10_000));
        var wanted = args.Length < 4 ? "" : args[3];
        foreach (var (name, options) in s_rows.Where(row => row.Name.Contains(wanted, StringComparison.Ordinal)))
        {
            var runs = new List<BroadcastRunResult>();
            for (ulong seed = 1; seed <= (ulong)seeds; seed++)
            {
                var run = new BroadcastRun(options with
                {
                    Nodes = nodes, Messages = messages, Seed = seed,
                    RepairInterval = known.RepairInterval, Size = known.Size,
                });
                runs.Add(run.Run());
                Print($"{name}, {runs.Count} seeds x {messages}", runs, SizesOf(run.SizeEstimates));
            }
        }

        return 0;
    }

    /// <summary>A crash: nodes, share, messages, seed; "jitter" draws a delay for each packet.</summary>
    public static int Crash(string[] args)
    {
        var options = new BroadcastRunOptions
        {
            Nodes = Whole(args, 0, 10_000), Kill = Number(args, 1, 0.5), Messages = Whole(args, 2, 10),
            SourceCount = 4, Warmup = 3, Interval = TimeSpan.FromMilliseconds(50), Seed = (ulong)Whole(args, 3, 1),
            DrawsEveryDelay = args.Contains("jitter"),
        };
        var run = new OverlayBroadcastRun(options);
        var wait = TimeSpan.FromSeconds(20);
        Print($"killed {options.Kill}, at once", [run.Run()], SizesOf(run.SizeEstimates), run.LargestComponent);
        Print("20 s later", [run.Measure(wait)], SizesOf(run.SizeEstimates), run.LargestComponent);
        Print("40 s later", [run.Measure(wait)], SizesOf(run.SizeEstimates), run.LargestComponent);
        return 0;
    }

    /// <summary>Nodes that come and go: nodes, share a second, seconds, seed; "jitter" as above.</summary>
    public static int Churn(string[] args)
    {
        var options = new BroadcastRunOptions
        {
            Nodes = Whole(args, 0, 10_000), Churn = Number(args, 1, 0.01), Messages = Whole(args, 2, 60),
            SourceCount = 4, Warmup = 3, Interval = TimeSpan.FromSeconds(1), Seed = (ulong)Whole(args, 3, 1),
            DrawsEveryDelay = args.Contains("jitter"),
        };
        var run = new OverlayBroadcastRun(options);
        Print($"churn {options.Churn} for {options.Messages} s", [run.Run()], SizesOf(run.SizeEstimates),
            run.LargestComponent);
        return 0;
    }

    /// <summary>What the nodes thought the size of the network was when messages began to count.</summary>
    public static string SizesOf(IReadOnlyList<double> estimates) => estimates.Count == 0 ? "size not measured"
        : string.Create(CultureInfo.InvariantCulture,
            $"{estimates.Count} nodes know the size, median {estimates.Order().ElementAt(estimates.Count / 2):0}");

    private static void Print(
        string name, List<BroadcastRunResult> runs, string sizes, double? component = null)
    {
        string Of(Func<BroadcastRunResult, double> figure, string format)
        {
            var mean = runs.Average(figure);
            var spread = runs.Count < 2 ? 0
                : Math.Sqrt(runs.Sum(run => Math.Pow(figure(run) - mean, 2)) / (runs.Count - 1));
            return mean.ToString(format, CultureInfo.InvariantCulture)
                + (runs.Count < 2 ? "" : " ± " + spread.ToString(format, CultureInfo.InvariantCulture));
        }

        Console.WriteLine(
            $"{name} | delivery {Of(r => r.Delivery, "0.0000000")} | RMR {Of(r => r.Redundancy, "0.0000")} | control "
            + $"{Of(r => r.ControlPerNode, "0.00")} | hops {Of(r => r.HopsP50, "0.0")}, {Of(r => r.HopsP99, "0.0")}, "
            + $"{Of(r => r.HopsMax, "0.0")} | ms {Of(r => r.LatencyMsP50, "0")}, {Of(r => r.LatencyMsP99, "0")}, "
            + $"{Of(r => r.LatencyMsMax, "0")} | twice {runs.Sum(r => r.DeliveredTwice)}"
            + (component is { } share ? $" | largest part {share:0.00000}" : "")
            + $" | {sizes} | CPU {Environment.CpuUsage.TotalTime.TotalSeconds:0} s, "
            + $"{Environment.WorkingSet >> 20} MB");
    }

    private static int Whole(string[] args, int index, int otherwise) => (int)Number(args, index, otherwise);

    private static double Number(string[] args, int index, double otherwise) =>
        index < args.Length ? double.Parse(args[index], CultureInfo.InvariantCulture) : otherwise;
}
