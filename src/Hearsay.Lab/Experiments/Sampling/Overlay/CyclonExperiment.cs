using Hearsay.Lab.Contract;
using Hearsay.Lab.Engines;
using Hearsay.Protocols;

namespace Hearsay.Lab.Experiments.Sampling.Overlay;

/// <summary>Cyclon from a chain: links are conserved, so in-degrees become nearly equal (JNSM 2005).</summary>
internal sealed class CyclonExperiment : IExperiment
{
    private const ulong RemovalPurpose = 0x4359_524D;
    private const double Near = 0.05;

    /// <summary>
    /// The known share within 5 % is of 100,000 nodes, where it is 0.74; of 10,000 it is 0.69 to 0.71, seed by seed.
    /// </summary>
    private const int LargeNodes = 100_000;

    public string Name => "cyclon";

    public string Summary => "Cyclon from a chain: nearly equal in-degrees, clustering as random, healing by time-out.";

    public IReadOnlyList<LabOption> Options { get; } =
    [
        LabOption.Whole("--view-size", "c: entries of a view, an even number.", 4,
            PeerSamplingOptions.MaximumViewSize, 20),
        LabOption.Whole("--shuffle-length", "Descriptors exchanged, the own one included.", 2,
            PeerSamplingOptions.MaximumViewSize, 8),
        CommonOptions.Start("chain"), CommonOptions.JoinsPerCycle, CommonOptions.Nodes(100_000),
        CommonOptions.Cycles(100), LabOption.Number("--kill",
            "Share of the nodes that dies after those cycles; as many cycles as c times two follow.", 0, 0.99, 0.0),
        LabOption.Seed, CommonOptions.Threads, CommonOptions.MetricsEvery,
    ];

    public ExperimentResult Run(LabParameters parameters, ILabProgress progress)
    {
        var (c, shuffle) = (parameters.Whole("--view-size"), parameters.Whole("--shuffle-length"));
        CornerPresets.RequireEven(c);
        if (shuffle > c)
        {
            throw new LabUsageException($"--shuffle-length must be from 2 to --view-size = {c}, not {shuffle}.");
        }

        var sampling = PeerSamplingOptions.Cyclon with { ViewSize = c, ShuffleLength = shuffle };
        using var engine = EngineFactory.Create(
            sampling, parameters.Whole("--nodes"), parameters.Seed,
            Enum.Parse<OverlayStart>(parameters.Choice("--start"), ignoreCase: true),
            parameters.Whole("--joins-per-cycle"), LabWork.Threads(parameters));
        var rows = new List<Row>();
        var heals = parameters.Number("--kill") > 0;
        var total = parameters.Whole("--cycles") + (heals ? 2 * c : 0);
        RunTo(engine, parameters.Whole("--cycles"), total, parameters, rows, progress);
        var (spread, share) = Balance(engine, c);
        var converged = rows[^1];
        var outside = OutsideAfterCatastrophe(engine, parameters.Seed);
        if (heals)
        {
            engine.KillNodes((int)Math.Round(parameters.Number("--kill") * engine.LiveCount));
            RunTo(engine, total, total, parameters, rows, progress);
        }

        return new ExperimentResult
        {
            Experiment = Name,
            Parameters = parameters.ToRow(),
            Summary = new Row
            {
                { "exchanges", engine.Exchanges }, { "inDegreeStdDev", spread }, { "shareWithin5Percent", share },
                { "outsideAfter75Percent", outside }, { "deadLinksAtEnd", engine.CountDeadLinks() },
            },
            Results = rows,
            Claims = [.. ClaimsOf(parameters, converged, spread, share, outside, engine.CountDeadLinks())],
            Figures = FiguresOf(parameters, rows),
        };
    }

    private static void RunTo(
        ICycleEngine engine, int end, int total, LabParameters parameters, List<Row> rows, ILabProgress progress)
    {
        while (engine.Cycle < end)
        {
            engine.Run(1);
            progress.Report((double)engine.Cycle / total);
            if (engine.Cycle == end || engine.Cycle % parameters.Whole("--metrics-every") == 0)
            {
                rows.Add(RowOf(engine, parameters, full: engine.Cycle == end));
            }
        }

        if (rows.Count == 0)
        {
            rows.Add(RowOf(engine, parameters, full: true));
        }
    }

    /// <summary>From a chain a path length of N is not worth its time: only the last row has it.</summary>
    private static Row RowOf(ICycleEngine engine, LabParameters parameters, bool full) => OverlayRow.Of(
        engine.Cycle, OverlayMetrics.Measure(engine.Snapshot(), full ? 20 : 0, parameters.Seed), full);

    /// <summary>The share of the survivors outside the largest component if three quarters were gone.</summary>
    private static double OutsideAfterCatastrophe(ICycleEngine engine, ulong seed)
    {
        var (views, alive) = (new int[engine.NodeCount][], new bool[engine.NodeCount]);
        for (var node = 0; node < views.Length; node++)
        {
            views[node] = [.. engine.ViewOf(node).ToArray().Select(handle => (int)handle)];
        }

        alive.AsSpan(0, Math.Max(1, alive.Length / 4)).Fill(true);
        SeededRandom.For(seed, 0, 0, RemovalPurpose).Shuffle(alive.AsSpan());
        var graph = OverlayGraph.FromViews(views, alive);
        return (graph.LiveCount - ComponentMetric.Of(graph).Largest) / (double)graph.LiveCount;
    }

    private static (double Spread, double ShareNear) Balance(ICycleEngine engine, int c)
    {
        var graph = engine.Snapshot();
        var (sum, squares, near) = (0.0, 0.0, 0);
        for (var node = 0; node < graph.NodeCount; node++)
        {
            var degree = graph.IsAlive(node) ? graph.InDegrees[node] : 0;
            sum += degree;
            squares += (double)degree * degree;
            near += graph.IsAlive(node) && Math.Abs(degree - c) <= Near * c ? 1 : 0;
        }

        var mean = sum / graph.LiveCount;
        return (Math.Sqrt(Math.Max(0, (squares / graph.LiveCount) - (mean * mean))), (double)near / graph.LiveCount);
    }

    /// <summary>The known figures are of N = 100,000; the spread of 10,000 is alike.</summary>
    private static IEnumerable<Claim> ClaimsOf(
        LabParameters parameters, Row row, double spread, double share, double outside, long dead)
    {
        if (!IsKnown(parameters))
        {
            yield break;
        }

        var nodes = parameters.Whole("--nodes");
        yield return Claim.AtMost($"cyclon/{nodes}/in-degree", Sources.Cyclon + " (1.4)", 1.6, spread);
        if (nodes >= LargeNodes)
        {
            yield return Claim.AtLeast($"cyclon/{nodes}/within-5-percent", Sources.Cyclon, 0.7, share);
        }

        yield return Claim.AtMost($"cyclon/{nodes}/components", Sources.Cyclon, 1, row.Number("components"));
        yield return Claim.AtMost(
            $"cyclon/{nodes}/clustering", "theory: random graph 2c/N, with half as much again", 1.5 * 40 / nodes,
            row.Number("clustering"));
        yield return Claim.AtMost(
            $"cyclon/{nodes}/outside-after-75-percent", "JNSM 2005: no partition up to about 80 %", 0.001, outside);
        if (parameters.Number("--kill") == 0.5)
        {
            yield return Claim.AtMost($"cyclon/{nodes}/dead-links-40-cycles-later", "bound after JNSM 2005", 0, dead);
        }
    }

    private static bool IsKnown(LabParameters parameters) =>
        parameters.Whole("--nodes") >= 10_000 && parameters.Whole("--view-size") == 20
        && parameters.Whole("--shuffle-length") == 8 && parameters.Whole("--cycles") >= 100
        && parameters.Choice("--start") == "chain";

    private static List<Figure> FiguresOf(LabParameters parameters, List<Row> rows)
    {
        var c = parameters.Whole("--view-size");
        return
        [
            new LineFigure(
                "cyclon-in-degree",
                $"Cyclon balances in-degrees: c = {c}, shuffle length {parameters.Whole("--shuffle-length")}, "
                + $"N = {parameters.Whole("--nodes"):N0}, {parameters.Choice("--start")} start"
                + (parameters.Number("--kill") is > 0 and var kill
                    ? $", {100 * kill:0.#} % die after cycle {parameters.Whole("--cycles")}" : ""),
                "cycle", "standard deviation of the in-degree (nodes)",
                [new Curve("measured", [.. rows.Select(row => (row.Number("cycle"), row.Number("inDegreeStdDev")))])])
            {
                References =
                [
                    .. IsKnown(parameters) ? [new Reference("bound (1.6)", 1.6)] : Array.Empty<Reference>(),
                    new Reference("random graph (theory)",
                        OverlayMetrics.RandomGraphDeviation(parameters.Whole("--nodes"), c)),
                ],
            },
        ];
    }
}
