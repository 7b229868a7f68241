using Hearsay.Lab.Contract;
using Hearsay.Protocols;

namespace Hearsay.Lab.Experiments.Broadcast;

/// <summary>The modes of broadcasting beside each other, over the same network: how fast, and at what price.</summary>
internal sealed class BroadcastModesExperiment : IExperiment
{
    /// <summary>How many messages teach a mode that learns.</summary>
    private const int Lessons = 30;

    public string Name => "broadcast-modes";

    public string Summary => "Latency and redundancy of every mode of broadcasting, beside each other.";

    public IReadOnlyList<LabOption> Options { get; } =
    [
        CommonOptions.Nodes(10_000),
        LabOption.Whole("--degree", "K: how many neighbours each node has.", 2, 32, 5),
        LabOption.Number("--loss", "Share of packets lost while messages are counted.", 0, 0.9, 0.0),
        LabOption.Whole("--messages", "Messages that are counted.", 1, 10_000, 10),
        CommonOptions.Threads, LabOption.Seed,
    ];

    public bool RunsWholeNodes => true;

    public ExperimentResult Run(LabParameters parameters, ILabProgress progress)
    {
        var modes = ModesOf(parameters);
        var results = LabWork.Map(modes, parameters, progress, (mode, step) =>
        {
            var run = BroadcastTrace.Begun(
                new BroadcastRun(mode.Options), mode.Options, mode == modes[0] ? parameters.Trace : null).Run();
            step();
            return (mode.Label, Result: run);
        });
        return new ExperimentResult
        {
            Experiment = Name,
            Parameters = parameters.ToRow(),
            Summary = new Row
            {
                { "floodLatencyMsP99", results[0].Result.LatencyMsP99 },
                { "autoLatencyMsP99", results[1].Result.LatencyMsP99 },
                { "autoRedundancy", results[1].Result.Redundancy },
            },
            Results = [.. results.Select(run => BroadcastExperiment.RowOf(run.Label, run.Result))],
            Claims = [.. results.Select(run => Claim.AtMost($"broadcast-modes/{run.Label.Replace(' ', '-')}/once",
                "at most one delivery of a message to a node", 0, run.Result.DeliveredTwice))],
            Figures = [FigureOf(parameters, results)],
        };
    }

    private static (string Label, BroadcastRunOptions Options)[] ModesOf(LabParameters parameters)
    {
        var (nodes, degree) = BroadcastExperiment.GraphOf(parameters);
        var options = new BroadcastRunOptions
        {
            Nodes = nodes, Degree = degree,
            Loss = parameters.Number("--loss"), Messages = parameters.Whole("--messages"), Warmup = 0,
            Seed = parameters.Seed,
        };
        return
        [
            ("flood: every copy there is", options with { Mode = BroadcastMode.Flood }),
            ("auto once the source is known", options with { Mode = BroadcastMode.Auto, Warmup = Lessons }),
            ("hybrid and auto for a new source", options with { Mode = BroadcastMode.Hybrid }),
            ("one tree for all sources", BroadcastClaims.Baseline(options with
            {
                SourceCount = Math.Min(10, nodes), Warmup = Lessons / 10,
            })),
            ("fanout to 5 sampled peers", options with { Mode = BroadcastMode.Fanout, Fanout = 5 }),
        ];
    }

    private static LineFigure FigureOf(
        LabParameters parameters, IReadOnlyList<(string Label, BroadcastRunResult Result)> results)
    {
        // The flood is as fast as the graph allows: a band under the others.
        var nodes = parameters.Whole("--nodes");
        return new LineFigure(
            "broadcast-modes",
            $"One message, five ways: N = {nodes:N0}, {parameters.Whole("--degree")} neighbours, delays 10 to 50 ms, "
            + $"loss {parameters.Number("--loss"):0.##}",
            "time since it was published (ms)", "share of the nodes that have it (0 to 1)",
            [.. results.Select((run, i) => BroadcastExperiment.CurveOf(
                $"{run.Label} ({run.Result.Redundancy + 1:0.00} copies)", nodes, run.Result) with { IsLaw = i == 0 })])
        {
            References = [new Reference("99 of 100", 0.99)],
        };
    }
}
