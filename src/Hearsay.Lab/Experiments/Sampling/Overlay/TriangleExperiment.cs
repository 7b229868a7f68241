using Hearsay.Lab.Contract;
using Hearsay.Lab.Engines;

namespace Hearsay.Lab.Experiments.Sampling.Overlay;

/// <summary>The converged overlay over the whole parameter space H + S ≤ c/2, as heat maps.</summary>
internal sealed class TriangleExperiment : IExperiment
{
    private static readonly string[] s_corners = ["swapper", "healer", "blind"];

    public string Name => "triangle";

    public string Summary => "In-degree spread, clustering and path length over the whole (H,S) triangle.";

    public IReadOnlyList<LabOption> Options { get; } =
    [
        CornerPresets.Selection, CornerPresets.ViewSize,
        LabOption.Whole("--step", "Distance of two values of H or S; it should divide c/2.", 1, 128, 3),
        CommonOptions.Nodes(10_000), CommonOptions.Cycles(100), LabOption.Seed, CommonOptions.Threads,
    ];

    public ExperimentResult Run(LabParameters parameters, ILabProgress progress)
    {
        var (c, step) = (parameters.Whole("--view-size"), parameters.Whole("--step"));
        CornerPresets.RequireEven(c);
        var selection = Enum.Parse<PeerSelection>(parameters.Choice("--selection"), ignoreCase: true);
        var axis = Enumerable.Range(0, (c / 2 / step) + 1).Select(index => index * step).ToArray();
        var points = (from healing in axis from swap in axis where healing + swap <= c / 2
                      select (Healing: healing, Swap: swap)).ToArray();
        var rows = LabWork.Map(points, parameters, progress, (point, done) =>
        {
            using var engine = EngineFactory.Create(
                new PeerSamplingOptions
                {
                    Selection = selection, ViewSize = c, Healing = point.Healing, Swap = point.Swap,
                },
                parameters.Whole("--nodes"), parameters.Seed);
            engine.Run(parameters.Whole("--cycles"));
            done();
            var row = new Row { { "healing", point.Healing }, { "swap", point.Swap } };
            foreach (var (name, value) in OverlayRow.Of(engine, parameters.Seed))
            {
                row.Add(name, value);
            }

            return row;
        });
        return new ExperimentResult
        {
            Experiment = Name,
            Parameters = parameters.ToRow(),
            Summary = new Row { { "variants", points.Length } },
            Results = rows,
            Claims = [.. ClaimsOf(rows, parameters)],
            Figures = FiguresOf(axis, rows, parameters),
        };
    }

    /// <summary>The corners are known figures; their order is the same for rand and tail.</summary>
    private static IEnumerable<Claim> ClaimsOf(Row[] rows, LabParameters parameters)
    {
        var c = parameters.Whole("--view-size");
        var corners = new[] { (0, c / 2), (c / 2, 0), (0, 0) }.Select(corner => rows.FirstOrDefault(row =>
            row.Number("healing") == corner.Item1 && row.Number("swap") == corner.Item2)).ToArray();
        var selection = parameters.Choice("--selection");
        if (parameters.Whole("--nodes") != OverlayOracles.Nodes || c != OverlayOracles.ViewSize
            || parameters.Whole("--cycles") < 60 || corners.Any(row => row is null) || selection == "head")
        {
            yield break;
        }

        var spread = corners.Select(row => row!.Number("inDegreeStdDev")).ToArray();
        var random = OverlayMetrics.RandomGraphDeviation(OverlayOracles.Nodes, c);
        yield return Claim.AtMost($"triangle/{selection}/swapper-below-random", Sources.Bound, random, spread[0]);
        yield return Claim.AtLeast($"triangle/{selection}/healer-above-random", Sources.Bound, random, spread[1]);
        yield return Claim.AtLeast($"triangle/{selection}/blind-above-healer", Sources.Bound, spread[1], spread[2]);
        if (selection == "rand" && parameters.Whole("--cycles") >= 100)
        {
            foreach (var (preset, row) in s_corners.Zip(corners))
            {
                var oracle = OverlayOracles.All.First(known => known.Preset == preset);
                foreach (var claim in OverlayOracles.Check(oracle, row!))
                {
                    yield return claim with
                    {
                        Id = claim.Id.Replace("overlay/", "triangle/", StringComparison.Ordinal),
                    };
                }
            }
        }
    }

    private static List<Figure> FiguresOf(int[] axis, Row[] rows, LabParameters parameters)
    {
        var (nodes, c) = (parameters.Whole("--nodes"), parameters.Whole("--view-size"));
        var where = $"{FigureWords.SelectionOf(parameters)}, push-pull, c = {c}, "
            + $"N = {nodes:N0}, {parameters.Whole("--cycles")} cycles";
        static string Title(string what, double? random) =>
            random is { } value ? $"{what} (a random graph has {Claim.Text(Math.Round(value, 4))})" : what;
        double[] values = [.. axis.Select(value => (double)value)];
        HeatMapFigure Over(string name, string title, string column, string unit) => new(
            name, $"{title}: {where}", "H: the oldest entries that give way (healing)",
            "S: the entries sent that give way (swap)", values, values,
            [.. axis.Select(swap => (IReadOnlyList<double>)[.. axis.Select(healing => rows.FirstOrDefault(row =>
                row.Number("healing") == healing && row.Number("swap") == swap)?.Number(column) ?? double.NaN)])],
            unit);
        return
        [
            Over("triangle-in-degree", Title("In-degree spread", OverlayMetrics.RandomGraphDeviation(nodes, c)),
                "inDegreeStdDev", "standard deviation of the in-degree (nodes)"),
            Over("triangle-clustering", Title("Clustering", 2.0 * c / nodes), "clustering",
                "clustering coefficient (0 to 1)"),
            Over("triangle-path-length", Title("Path length", OverlayOracles.RandomPathOf(nodes, c)),
                "averagePathLength", "average path length (hops)"),
        ];
    }
}
