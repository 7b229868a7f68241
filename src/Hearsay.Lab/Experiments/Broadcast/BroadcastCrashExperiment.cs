using Hearsay.Lab.Contract;

namespace Hearsay.Lab.Experiments.Broadcast;

/// <summary>How much of the network may crash at once before messages get lost.</summary>
internal sealed class BroadcastCrashExperiment : IExperiment
{
    private static readonly double[] s_shares = [0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95];

    public string Name => "broadcast-crash";

    public string Summary => "Reliability of broadcasts over the share of nodes that crash at once.";

    public IReadOnlyList<LabOption> Options { get; } =
    [
        CommonOptions.Nodes(10_000),
        LabOption.Whole("--degree", "K: how many neighbours each node wants.", 2, 32, 5),
        LabOption.Whole("--messages", "Messages that are counted.", 1, 10_000, 10),
        LabOption.Whole("--wait-s", "Seconds between the crash and the first message.", 0, 3600, 0),
        CommonOptions.Threads, LabOption.Seed,
    ];

    public bool RunsWholeNodes => true;

    public ExperimentResult Run(LabParameters parameters, ILabProgress progress)
    {
        if (parameters.Whole("--nodes") is < 20 or > 100_000)
        {
            throw new LabUsageException("--nodes must be from 20 to 100,000: every node is a whole one.");
        }

        var rows = LabWork.Map(s_shares, parameters, progress, (share, step) =>
        {
            var options = new BroadcastRunOptions
            {
                Nodes = parameters.Whole("--nodes"), Degree = parameters.Whole("--degree"), Kill = share,
                Messages = parameters.Whole("--messages"), SourceCount = 4, Warmup = 3,
                Interval = TimeSpan.FromMilliseconds(50), Seed = parameters.Seed,
                WaitAfterKill = TimeSpan.FromSeconds(parameters.Whole("--wait-s")),
            };
            var run = BroadcastTrace.Begun(
                new OverlayBroadcastRun(options), options, share == s_shares[0] ? parameters.Trace : null);
            var result = run.Run();
            step();
            return new Row
            {
                { "killed", share }, { "delivery", result.Delivery }, { "largestComponent", run.LargestComponent },
                { "redundancy", result.Redundancy }, { "latencyMsP50", result.LatencyMsP50 },
                { "latencyMsP99", result.LatencyMsP99 }, { "deliveredTwice", result.DeliveredTwice },
            };
        });
        return new ExperimentResult
        {
            Experiment = Name,
            Parameters = parameters.ToRow(),
            Summary = new Row { { "worstDelivery", rows.Min(static row => row.Number("delivery")) } },
            Results = rows,
            Claims = [.. rows.Select(row => ClaimOf(row, parameters.Whole("--wait-s")))],
            Figures = [FigureOf(parameters, rows)],
        };
    }

    /// <summary>Right after the crash, and after two membership cycles of 10 s.</summary>
    private static Claim ClaimOf(Row row, int waitSeconds)
    {
        var share = row.Number("killed");
        return Claim.AtLeast(
            $"broadcast-crash-{100 * share:0}", "HyParView (Leitão, Pereira, Rodrigues, DSN 2007)",
            BoundOf(share, waitSeconds), row.Number("delivery"));
    }

    private static double BoundOf(double share, int waitSeconds) =>
        waitSeconds >= 20 && share <= 0.8 ? 0.999 : waitSeconds >= 40 ? 0.99 : share switch
        {
            <= 0.8 => 0.99, <= 0.9 => 0.95, _ => 0.85,
        };

    private static LineFigure FigureOf(LabParameters parameters, IReadOnlyList<Row> rows) => new(
        "broadcast-crash",
        $"Messages sent {(parameters.Whole("--wait-s") == 0 ? "right" : $"{parameters.Whole("--wait-s")} s")} after a "
        + $"crash: N = {parameters.Whole("--nodes"):N0}, "
        + $"{parameters.Whole("--degree")} neighbours",
        "share of the nodes that crashed (0 to 1)", "share of the survivors (0 to 1)",
        [
            new Curve("got a message", [.. rows.Select(static row => (row.Number("killed"), row.Number("delivery")))]),
            new Curve("in the largest connected part when it was sent",
                [.. rows.Select(static row => (row.Number("killed"), row.Number("largestComponent")))]),
            new Curve("at least to be reached (after HyParView, DSN 2007)", [.. rows.Select(row =>
                (row.Number("killed"), BoundOf(row.Number("killed"), parameters.Whole("--wait-s"))))])
            { IsOracle = true },
        ]);
}
