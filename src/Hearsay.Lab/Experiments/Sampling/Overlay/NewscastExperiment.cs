using Hearsay.Lab.Contract;
using Hearsay.Lab.Engines;

namespace Hearsay.Lab.Experiments.Sampling.Overlay;

/// <summary>Newscast heals a crash within a handful of cycles and pays with clustering.</summary>
internal sealed class NewscastExperiment : IExperiment
{
    private const double ManyTimesRandom = 10;

    public string Name => "newscast";

    public string Summary => "Newscast: a crash of half is forgotten within cycles; clustering far above random.";

    public IReadOnlyList<LabOption> Options { get; } =
    [
        LabOption.Whole("--view-size", "c: entries of a view, an even number.", 4,
            PeerSamplingOptions.MaximumViewSize, 20),
        CommonOptions.Start("random"), CommonOptions.Nodes(10_000),
        LabOption.Whole("--warmup", "Cycles before the crash.", 0, 1_000_000, 60),
        LabOption.Number("--kill", "Share of the nodes that dies at once.", 0, 0.99, 0.5),
        CommonOptions.Cycles(20, "Cycles after the crash."), LabOption.Seed, CommonOptions.Threads,
    ];

    public ExperimentResult Run(LabParameters parameters, ILabProgress progress)
    {
        var (c, warmup) = (parameters.Whole("--view-size"), parameters.Whole("--warmup"));
        CornerPresets.RequireEven(c);
        using var engine = EngineFactory.Create(
            PeerSamplingOptions.Newscast with { ViewSize = c }, parameters.Whole("--nodes"), parameters.Seed,
            Enum.Parse<OverlayStart>(parameters.Choice("--start"), ignoreCase: true),
            threads: LabWork.Threads(parameters));
        engine.Run(warmup);
        var converged = OverlayRow.Of(engine, parameters.Seed);
        engine.KillNodes((int)Math.Round(parameters.Number("--kill") * engine.LiveCount));
        List<Row> rows = [RowOf(engine, warmup)];
        for (var cycle = 1; cycle <= parameters.Whole("--cycles"); cycle++)
        {
            engine.Run(1);
            rows.Add(RowOf(engine, warmup));
            progress.Report((double)cycle / parameters.Whole("--cycles"));
        }

        return new ExperimentResult
        {
            Experiment = Name,
            Parameters = parameters.ToRow(),
            Summary = new Row
            {
                { "inDegreeStdDev", converged["inDegreeStdDev"] }, { "clustering", converged["clustering"] },
                { "averagePathLength", converged["averagePathLength"] }, { "components", converged["components"] },
                { "cyclesToNoDeadLink", rows.Find(row => row.Number("deadLinks") == 0)?["cyclesAfterCrash"] },
            },
            Results = rows,
            Claims = [.. ClaimsOf(parameters, converged, rows)],
            Figures = [FigureOf(parameters, rows)],
        };
    }

    private static Row RowOf(ICycleEngine engine, int warmup) => new()
    {
        { "cycle", engine.Cycle }, { "cyclesAfterCrash", engine.Cycle - warmup }, { "nodes", engine.LiveCount },
        { "deadLinks", engine.CountDeadLinks() },
    };

    private static IEnumerable<Claim> ClaimsOf(LabParameters parameters, Row converged, List<Row> rows)
    {
        if (parameters.Whole("--nodes") < 5_000 || parameters.Whole("--view-size") != 20
            || parameters.Whole("--warmup") < 30 || parameters.Number("--kill") != 0.5 || rows.Count < 9)
        {
            yield break;
        }

        var random = 2.0 * parameters.Whole("--view-size") / parameters.Whole("--nodes");
        yield return Claim.AtLeast(
            "newscast/clustering", "bound after Newscast 2003 (far above random: 10 x 2c/N)", ManyTimesRandom * random,
            converged.Number("clustering"));
        yield return Claim.AtMost("newscast/components", "Newscast 2003", 1, converged.Number("components"));
        yield return Claim.AtMost(
            "newscast/dead-links-after-8-cycles", "bound after Newscast 2003 (a handful of cycles)", 0,
            rows[8].Number("deadLinks"));
    }

    private static LineFigure FigureOf(LabParameters parameters, List<Row> rows) => new(
        "newscast-healing",
        $"Newscast forgets the dead: {100 * parameters.Number("--kill"):0.#} % of {parameters.Whole("--nodes"):N0} "
        + $"nodes die, c = {parameters.Whole("--view-size")}",
        "cycles after the crash", "links to dead nodes",
        [new Curve("measured", [.. rows.Select(row => (row.Number("cyclesAfterCrash"), row.Number("deadLinks")))])])
    {
        References = [new Reference("none left (0)", 0)],
    };
}
