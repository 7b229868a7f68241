using Hearsay.Lab.Contract;
using Hearsay.Protocols;

namespace Hearsay.Lab.Experiments.Broadcast;

/// <summary>Broadcasts of whole nodes in virtual time: who gets a message, when, and what it costs.</summary>
internal sealed class BroadcastExperiment : IExperiment
{
    /// <summary>Floods are the same every time; a few tell how fast the graph can be.</summary>
    private const int FloodMessages = 5;

    private const int MostNodes = 100_000;

    /// <summary>The longest payload of the baseline, in bytes: longer ones are large messages.</summary>
    private const int LongestInBaseline = 4096;

    public string Name => "broadcast";

    public string Summary => "Broadcast over stable neighbours: delivery, redundancy and latency of each mode.";

    public IReadOnlyList<LabOption> Options { get; } =
    [
        LabOption.Choice(
            "--mode", "How messages spread.", "auto",
            [.. Enum.GetNames<BroadcastMode>().Select(static name => name.ToLowerInvariant())]),
        CommonOptions.Nodes(10_000),
        LabOption.Whole("--degree", "K: how many neighbours each node has.", 2, 32, 5),
        LabOption.Number("--loss", "Share of packets lost while messages are counted.", 0, 0.9, 0.0),
        LabOption.Latency("--latency-ms", "One-way delay of a link in milliseconds, uniform from A to B.", "10..50"),
        LabOption.Whole("--messages", "Messages that are counted.", 1, 100_000, 100),
        LabOption.Whole("--source-count", "Nodes that publish, in turn.", 1, 100_000, 1),
        LabOption.Whole("--warmup", "Messages from each source before they are counted.", 0, 10_000, 30),
        LabOption.Whole("--fanout", "Peers a node sends to with --mode fanout.", 1, 32, 5),
        LabOption.Whole("--payload-bytes", "The length of the payloads.", 4, 16 << 20, 64),
        LabOption.Choice("--shared-tree", "on: one tree for all sources, the original Plumtree.", "off", "on", "off"),
        LabOption.Whole(
            "--graft-ms", "A fixed graft timer in milliseconds. Default: follows what is measured.", 1, 60_000, null),
        LabOption.Choice(
            "--repair", "on: neighbours compare what they have every 2 s. off: never, the option Repair of broadcast.",
            "on", "on", "off"),
        LabOption.Choice(
            "--size", "What nodes know of the network's size. estimated: aggregation runs beside. unknown: they "
            + "reckon with 1,000, as before there is an estimate.", "estimated", "estimated", "unknown"),
        LabOption.Number(
            "--kill", "Share of the nodes that crash at once before messages are counted. With this or --churn the "
            + "nodes find and replace their neighbours themselves, over peer sampling.", 0, 0.99, 0.0),
        LabOption.Number("--churn", "Share of the nodes replaced by new ones in a second.", 0, 0.5, 0.0),
        CommonOptions.Threads, LabOption.Seed,
    ];

    public bool RunsWholeNodes => true;

    public ExperimentResult Run(LabParameters parameters, ILabProgress progress)
    {
        var options = Read(parameters);
        var isOverlay = options.Kill > 0 || options.Churn > 0;
        var overlay = isOverlay
            ? BroadcastTrace.Begun(new OverlayBroadcastRun(options), options, parameters.Trace) : null;
        progress.Report(0.2);
        var given = isOverlay ? null : BroadcastTrace.Begun(new BroadcastRun(options), options, parameters.Trace);
        var run = overlay?.Run() ?? given!.Run();
        progress.Report(0.8);
        var flood = isOverlay || options.Mode == BroadcastMode.Flood ? null : new BroadcastRun(options with
        {
            Mode = BroadcastMode.Flood, Loss = 0, Warmup = 0, PayloadBytes = 64,
            Messages = Math.Min(options.Messages, FloodMessages),
            SharedTree = false,
        }).Run();
        var shared = BroadcastClaims.HasBaseline(options) ? new BroadcastRun(BroadcastClaims.Baseline(options)).Run()
            : null;
        var summary = SummaryOf(run);
        if (flood is not null)
        {
            summary.Add("floodLatencyMsP99", flood.LatencyMsP99);
        }

        if (LargestComponentOf(overlay, given) is { } largest)
        {
            summary.Add("largestComponent", largest);
        }

        if ((overlay?.SizeEstimates ?? given!.SizeEstimates) is { Count: > 0 } sizes)
        {
            summary.Add("nodesThatKnowTheSize", sizes.Count);
            summary.Add("medianSizeEstimate", sizes.Order().ElementAt(sizes.Count / 2));
        }

        return new ExperimentResult
        {
            Experiment = Name,
            Parameters = parameters.ToRow(),
            Summary = summary,
            Results = [RowOf(parameters.Choice("--mode"), run), .. flood is null ? []
                : new[] { RowOf("flood", flood) }, .. shared is null ? []
                : new[] { RowOf("one tree for all, graft time 400 ms", shared) }],
            Claims = [.. BroadcastClaims.Of(options, run, flood, shared)],
            Figures = [FigureOf(options, run, flood)],
        };
    }

    /// <summary>The share of the nodes in the largest part, where nodes find each other themselves.</summary>
    private static double? LargestComponentOf(OverlayBroadcastRun? overlay, BroadcastRun? given) =>
        overlay?.LargestComponent
        ?? (given?.Views is { } views ? (double)ComponentMetric.Of(views).Largest / views.LiveCount : null);

    /// <summary>How many nodes with how many neighbours each.</summary>
    /// <exception cref="LabUsageException">There is no such graph.</exception>
    internal static (int Nodes, int Degree) GraphOf(LabParameters parameters)
    {
        var (nodes, degree) = (parameters.Whole("--nodes"), parameters.Whole("--degree"));
        if (nodes > MostNodes)
        {
            throw new LabUsageException($"--nodes must be at most {MostNodes:N0}: every node is a whole one.");
        }

        if (degree >= nodes || (long)nodes * degree % 2 != 0)
        {
            throw new LabUsageException("--degree must be less than --nodes, and their product even.");
        }

        return (nodes, degree);
    }

    private static BroadcastRunOptions Read(LabParameters parameters)
    {
        var latency = LatencyRange.Parse(parameters.Choice("--latency-ms"));
        var (nodes, degree) = GraphOf(parameters);
        LabWork.Threads(parameters);
        if (parameters.Whole("--source-count") > nodes)
        {
            throw new LabUsageException("--source-count must be at most --nodes.");
        }

        CheckBaseline(parameters);
        return new BroadcastRunOptions
        {
            Mode = Enum.Parse<BroadcastMode>(parameters.Choice("--mode"), ignoreCase: true),
            Nodes = nodes,
            Degree = degree,
            Loss = parameters.Number("--loss"),
            MinimumLatency = latency.Least,
            MaximumLatency = latency.Most,
            Messages = parameters.Whole("--messages"),
            SourceCount = parameters.Whole("--source-count"),
            Warmup = parameters.Whole("--warmup"),
            Fanout = parameters.Whole("--fanout"),
            PayloadBytes = parameters.Whole("--payload-bytes"),
            SharedTree = parameters.Choice("--shared-tree") == "on",
            GraftTimeout = parameters.IsGiven("--graft-ms")
                ? TimeSpan.FromMilliseconds(parameters.Whole("--graft-ms")) : null,
            RepairInterval = parameters.Choice("--repair") == "off" ? null : new BroadcastRunOptions().RepairInterval,
            Size = Enum.Parse<SizeKnowledge>(parameters.Choice("--size"), ignoreCase: true),
            Kill = parameters.Number("--kill"),
            Churn = parameters.Number("--churn"),
            Interval = parameters.Number("--kill") > 0 ? TimeSpan.FromMilliseconds(50) : TimeSpan.FromSeconds(1.5),
            Seed = parameters.Seed,
        };
    }

    /// <summary>The baseline is a protocol of its own: other modes and large messages are none of its.</summary>
    private static void CheckBaseline(LabParameters parameters)
    {
        if (parameters.Choice("--shared-tree") != "on")
        {
            return;
        }

        if (parameters.Choice("--mode") is not ("auto" or "tree"))
        {
            throw new LabUsageException("--shared-tree on needs --mode auto or tree.");
        }

        if (parameters.Whole("--payload-bytes") > LongestInBaseline)
        {
            throw new LabUsageException($"--shared-tree on needs --payload-bytes up to {LongestInBaseline:N0}.");
        }
    }

    private static Row SummaryOf(BroadcastRunResult run) => RowOf(null, run);

    internal static Row RowOf(string? mode, BroadcastRunResult run)
    {
        var row = new Row();
        if (mode is not null)
        {
            row.Add("mode", mode);
        }

        row.Add("delivery", run.Delivery);
        row.Add("payloadPerNode", run.PayloadPerNode);
        row.Add("redundancy", run.Redundancy);
        row.Add("controlPerNode", run.ControlPerNode);
        row.Add("controlBytesPerNode", run.ControlBytesPerNode);
        row.Add("bytesPerNode", run.BytesPerNode);
        row.Add("hopsP50", run.HopsP50);
        row.Add("hopsP99", run.HopsP99);
        row.Add("hopsMax", run.HopsMax);
        row.Add("latencyMsP50", run.LatencyMsP50);
        row.Add("latencyMsP99", run.LatencyMsP99);
        row.Add("latencyMsMax", run.LatencyMsMax);
        row.Add("deliveredTwice", run.DeliveredTwice);
        return row;
    }

    private static LineFigure FigureOf(BroadcastRunOptions options, BroadcastRunResult run, BroadcastRunResult? flood)
    {
        var curves = new List<Curve> { CurveOf($"{options.Mode.ToString().ToLowerInvariant()}", options.Nodes, run) };
        if (flood is not null)
        {
            curves.Add(CurveOf("flood, without loss", options.Nodes, flood));
        }

        return new LineFigure(
            "broadcast-latency",
            $"How a message spreads: N = {options.Nodes:N0}, {options.Degree} neighbours, delays "
            + $"{options.MinimumLatency.TotalMilliseconds:0} to {options.MaximumLatency.TotalMilliseconds:0} ms, loss "
            + $"{options.Loss:0.##}",
            "time since it was published (ms)", "share of the nodes that have it (0 to 1)", curves)
        {
            References = [new Reference("99 of 100", 0.99)],
        };
    }

    internal static Curve CurveOf(string label, int nodes, BroadcastRunResult run)
    {
        var all = run.LastLatenciesMs;
        var step = Math.Max(1, all.Count / 200);
        return new Curve(label,
            [.. Enumerable.Range(0, all.Count).Where(i => i % step == 0 || i == all.Count - 1)
                .Select(i => (all[i], (i + 1.0) / nodes))]);
    }
}
