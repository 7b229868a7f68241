using System.Diagnostics;
using System.Globalization;
using Hearsay.Protocols;
using Hearsay.Simulation;

namespace Hearsay.Benchmarks;

/// <summary>
/// Broadcasts in the simulator: the first arguments are the mode, nodes, degree, loss, messages, sources, warm-up and
/// the number of seeds; then any of shared, graft=MS, repair=S or repair=off,
/// size=unknown, eager=HOPS, rewire=K, parents=P, intent.
/// </summary>
internal static class BroadcastCampaign
{
    public static int Run(string[] args)
    {
        switch (args.FirstOrDefault())
        {
            case "campaign":
                return BroadcastRows.Campaign(args[1..]);
            case "crash":
                return BroadcastRows.Crash(args[1..]);
            case "churn":
                return BroadcastRows.Churn(args[1..]);
        }

        string At(int index, string otherwise) => index < args.Length ? args[index] : otherwise;
        double Number(int index, double otherwise) =>
            double.Parse(At(index, otherwise.ToString(CultureInfo.InvariantCulture)), CultureInfo.InvariantCulture);
        double? Named(string name) => args.Where(a => a.StartsWith(name + "=", StringComparison.Ordinal))
            .Where(static a => a != "repair=off")
            .Select(a => (double?)double.Parse(a[(name.Length + 1)..], CultureInfo.InvariantCulture)).FirstOrDefault();
        TimeSpan? Milliseconds(string name) =>
            Named(name) is { } value ? TimeSpan.FromMilliseconds(value) : null;
        var options = new BroadcastRunOptions
        {
            Mode = Enum.Parse<BroadcastMode>(At(0, "auto"), ignoreCase: true),
            Nodes = (int)Number(1, 10_000), Degree = (int)Number(2, 5), Loss = Number(3, 0),
            Messages = (int)Number(4, 100), SourceCount = (int)Number(5, 1), Warmup = (int)Number(6, 30),
            SharedTree = args.Contains("shared"),
            GraftTimeout = Milliseconds("graft"),
            RepairInterval = args.Contains("repair=off") ? null
                : Named("repair") is { } repair ? TimeSpan.FromSeconds(repair)
                : new BroadcastRunOptions().RepairInterval,
            Size = args.Contains("size=unknown") ? SizeKnowledge.Unknown : SizeKnowledge.Estimated,
            Fanout = (int)(Named("fanout") ?? 5),
            PayloadBytes = (int)(Named("payload") ?? 64),
            Configure = o => o with
            {
                EagerHops = Named("eager"), RewireAfter = (int)(Named("rewire") ?? o.RewireAfter),
                Parents = (int)(Named("parents") ?? o.Parents), PullIntent = args.Contains("intent"),
                AnnounceDelay = Milliseconds("announce") ?? o.AnnounceDelay,
                MinimumGraftTimeout = Milliseconds("mingraft") ?? o.MinimumGraftTimeout,
            },
        };
        Console.WriteLine(
            "delivery   payload  RMR    control  its bytes, all  hops p50/p99/max  ms p50/p99/max  events  s");
        for (ulong seed = 1; seed <= Number(7, 1); seed++)
        {
            var clock = Stopwatch.StartNew();
            var run = new BroadcastRun(options with { Seed = seed });
            var r = run.Run();
            Console.WriteLine(
                $"{r.Delivery:0.000000} {r.PayloadPerNode,8:0.0000} {r.Redundancy,6:0.0000} {r.ControlPerNode,7:0.00} "
                + $"{r.ControlBytesPerNode,6:0.0} {r.BytesPerNode:0} "
                + $"{r.HopsP50,4:0.0}/{r.HopsP99,4:0.0}/{r.HopsMax,4:0.0}  "
                + $"{r.LatencyMsP50,5:0}/{r.LatencyMsP99,5:0}/{r.LatencyMsMax,5:0} twice {r.DeliveredTwice} "
                + $"{r.Events:N0} {clock.Elapsed.TotalSeconds:0.0} {BroadcastRows.SizesOf(run.SizeEstimates)}");
        }

        return 0;
    }
}
