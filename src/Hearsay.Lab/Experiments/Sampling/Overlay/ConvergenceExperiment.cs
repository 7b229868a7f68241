using Hearsay.Lab.Contract;
using Hearsay.Lab.Engines;

namespace Hearsay.Lab.Experiments.Sampling.Overlay;

/// <summary>From three starts each protocol reaches the same overlay (TOCS 2007, sections 4 and 5).</summary>
internal sealed class ConvergenceExperiment : IExperiment
{
    /// <summary>Dense at first, where the curves move.</summary>
    private static readonly int[] s_cycles =
        [0, 1, 2, 3, 5, 7, 10, 13, 16, 20, 25, 30, 40, 50, 60, 80, 100, 130, 160, 200, 250, 300];

    private static readonly OverlayStart[] s_starts =
        [OverlayStart.Random, OverlayStart.Lattice, OverlayStart.Growing];

    public string Name => "convergence";

    public string Summary => "Growing, lattice and random starts lead each protocol to the same overlay.";

    public IReadOnlyList<LabOption> Options { get; } =
    [
        CornerPresets.Option, LabOption.Choice("--start", "Which start; all unless given.", "all",
            ["all", .. s_starts.Select(start => start.ToString().ToLowerInvariant())]),
        CornerPresets.Selection, CornerPresets.ViewSize, CommonOptions.JoinsPerCycle,
        CommonOptions.Nodes(10_000), CommonOptions.Cycles(130),
        LabOption.Seed, CommonOptions.Threads,
    ];

    public ExperimentResult Run(LabParameters parameters, ILabProgress progress)
    {
        var starts = parameters.Choice("--start") == "all"
            ? s_starts : [Enum.Parse<OverlayStart>(parameters.Choice("--start"), ignoreCase: true)];
        var variants = CornerPresets.Asked(parameters)
            .SelectMany(preset => starts.Select(start => (preset, start))).ToArray();
        var cycles = s_cycles.TakeWhile(cycle => cycle < parameters.Whole("--cycles"))
            .Append(parameters.Whole("--cycles")).ToArray();
        var runs = LabWork.Map(variants, parameters, progress,
            (variant, step) => Run(variant.preset, variant.start, cycles, parameters, step), cycles.Length);
        return new ExperimentResult
        {
            Experiment = Name,
            Parameters = parameters.ToRow(),
            Summary = new Row { { "variants", variants.Length } },
            Results = [.. runs.SelectMany(rows => rows)],
            Claims =
            [
                .. runs.Zip(variants).SelectMany(run => ClaimsOf(run.Second, run.First, parameters)),
                .. SameFromAllStarts(variants, runs, parameters),
            ],
            Figures = FiguresOf(variants, runs, parameters),
        };
    }

    private static List<Row> Run(
        string preset, OverlayStart start, int[] cycles, LabParameters parameters, Action step)
    {
        using var engine = EngineFactory.Create(
            CornerPresets.Of(preset, parameters.Whole("--view-size")) with
            {
                Selection = Enum.Parse<PeerSelection>(parameters.Choice("--selection"), ignoreCase: true),
            },
            parameters.Whole("--nodes"), parameters.Seed,
            start, parameters.Whole("--joins-per-cycle"));
        var rows = new List<Row>();
        foreach (var cycle in cycles)
        {
            engine.Run(cycle - engine.Cycle);
            var row = new Row { { "preset", preset }, { "start", start.ToString().ToLowerInvariant() } };
            var metrics = OverlayMetrics.Measure(engine.Snapshot(), seed: parameters.Seed);
            foreach (var (name, value) in OverlayRow.Of(cycle, metrics))
            {
                row.Add(name, value);
            }

            row.Add("meanDegree", metrics.MeanDegree);
            rows.Add(row);
            step();
        }

        return rows;
    }

    private static IEnumerable<Claim> ClaimsOf(
        (string Preset, OverlayStart Start) variant, List<Row> rows, LabParameters parameters)
    {
        if (parameters.Whole("--nodes") != OverlayOracles.Nodes || parameters.Whole("--view-size") != 30
            || parameters.Whole("--joins-per-cycle") != 500 || parameters.Choice("--selection") != "rand")
        {
            return [];
        }

        var setup = new ProtocolSetup(CornerPresets.Of(variant.Preset, 30), 1, null);
        var oracle = OverlayOracles.Find(setup, variant.Start, (int)rows[^1].Number("cycle"));
        var claims = oracle is null ? [] : OverlayOracles.Check(oracle, rows[^1])
            .Select(claim => claim with
            {
                Id = claim.Id.Replace("overlay/", "convergence/", StringComparison.Ordinal),
            });
        return
        [
            .. claims, .. RandomStartClaims(variant, rows),
            .. variant.Start == OverlayStart.Lattice ? LatticeClaims(variant.Preset, rows) : [],
        ];
    }

    /// <summary>
    /// Uniform views before the first cycle, the largest in-degree and the neighbours of the
    /// converged overlay. The largest of 10,000 is one number of one run: a fifth between seeds.
    /// </summary>
    private static IEnumerable<Claim> RandomStartClaims((string Preset, OverlayStart Start) variant, List<Row> rows)
    {
        if (variant.Start != OverlayStart.Random)
        {
            yield break;
        }

        yield return Claim.Near(
            $"convergence/{variant.Preset}-start/mean-degree", Sources.Tocs, 59.91, rows[0].Number("meanDegree"),
            0.005);
        yield return Claim.Near(
            $"convergence/{variant.Preset}-start/in-degree-max", Sources.Tocs, 57, rows[0].Number("inDegreeMax"),
            0.2);
        if (rows[^1].Number("cycle") < 100)
        {
            yield break;
        }

        var (most, degree) = variant.Preset switch
        {
            "blind" => (178, 59.05), "healer" => (84, 52.5), _ => (46, 59.3),
        };
        yield return Claim.Near(
            $"convergence/{variant.Preset}/in-degree-max", Sources.Tocs, most, rows[^1].Number("inDegreeMax"), 0.2);
        yield return Claim.Near(
            $"convergence/{variant.Preset}/mean-degree", Sources.Tocs, degree, rows[^1].Number("meanDegree"), 0.01);
    }

    /// <summary>
    /// Whatever the selection, the three starts end alike. From a growing start blind and tail swapper take longest.
    /// </summary>
    private static IEnumerable<Claim> SameFromAllStarts(
        (string Preset, OverlayStart Start)[] variants, List<Row>[] runs, LabParameters parameters)
    {
        if (parameters.Whole("--nodes") != OverlayOracles.Nodes || parameters.Whole("--cycles") < 130
            || parameters.Whole("--joins-per-cycle") != 500 || parameters.Choice("--selection") == "head")
        {
            yield break;
        }

        var last = variants.Zip(runs).ToDictionary(run => run.First, run => run.Second[^1]);
        foreach (var (variant, row) in last)
        {
            if (variant.Start != OverlayStart.Random
                && last.TryGetValue((variant.Preset, OverlayStart.Random), out var random))
            {
                yield return Claim.Near(
                    $"convergence/{parameters.Choice("--selection")}-{variant.Preset}/"
                    + $"{variant.Start.ToString().ToLowerInvariant()}-as-random", "TOCS 2007: the same from all starts",
                    random.Number("inDegreeStdDev"), row.Number("inDegreeStdDev"));
            }
        }
    }

    /// <summary>The speed of convergence.</summary>
    private static IEnumerable<Claim> LatticeClaims(string preset, List<Row> rows)
    {
        (int Cycle, double Clustering, double Path)[] points = preset switch
        {
            "healer" => [(1, 0.708, 106), (5, 0.484, 37.2), (10, 0.298, 14.5), (20, 0.177, 4.20), (30, 0.156, 2.87)],
            "swapper" => [(1, 0.635, 73), (5, 0.239, 15.6), (10, 0.057, 4.59), (20, 0.0063, 2.695)],
            _ => [],
        };
        var (gate, pathBound, clusteringBound) = preset == "swapper" ? (25, 2.72, 0.007) : (30, 2.9, 1);
        foreach (var row in rows)
        {
            var cycle = (int)row.Number("cycle");
            var (clustering, path) = (row.Number("clustering"), row.Number("averagePathLength"));
            foreach (var point in points.Where(point => point.Cycle == cycle))
            {
                // Halfway down the slope one cycle halves the value: the spread between runs is 8 %.
                var tolerance = preset == "swapper" && cycle is 5 or 10 ? 0.1 : Claim.DefaultTolerance;
                var id = $"convergence/lattice-{preset}/cycle-{cycle}";
                yield return Claim.Near(id + "/clustering", Sources.Tocs, point.Clustering, clustering, tolerance);
                yield return Claim.Near(id + "/path", Sources.Tocs, point.Path, path, tolerance);
            }

            if (cycle == gate && preset != "blind")
            {
                var id = $"convergence/lattice-{preset}";
                yield return Claim.AtMost($"{id}/path-by-cycle-{gate}", Sources.Bound, pathBound, path);
                yield return Claim.AtMost(
                    $"{id}/clustering-by-cycle-{gate}", Sources.Bound, clusteringBound, clustering);
            }
        }
    }

    private static List<Figure> FiguresOf(
        (string Preset, OverlayStart Start)[] variants, List<Row>[] runs, LabParameters parameters)
    {
        var c = parameters.Whole("--view-size");
        var nodes = parameters.Whole("--nodes");
        var from = parameters.Choice("--start") is not "all" and var start
            ? $"from a {start} start" : "from three starts";
        var selection = FigureWords.SelectionOf(parameters);
        LineFigure Over(string name, string title, string column, string unit, Reference known) => new(
            name, $"{title} {from}: {selection}, push-pull, c = {c}, N = {nodes:N0}", "cycle", unit,
            [.. runs.Zip(variants).Select(run => new Curve(
                $"{CornerPresets.LabelOf(run.Second.Preset)}, {FigureWords.Of(run.Second.Start)}",
                [.. run.First.Select(row => (row.Number("cycle"), row.Number(column)))]))])
        {
            LogVertical = true, References = [known],
        };
        return
        [
            Over("convergence-in-degree", "In-degree spread", "inDegreeStdDev",
                "standard deviation of the in-degree (nodes)",
                new Reference("random graph (theory)", OverlayMetrics.RandomGraphDeviation(nodes, c))),
            Over("convergence-clustering", "Clustering", "clustering",
                "clustering coefficient (0 to 1)", new Reference("random graph (2c/N)", 2.0 * c / nodes)),
            Over("convergence-path-length", "Path length", "averagePathLength",
                "average path length (hops)",
                OverlayOracles.RandomPathOf(nodes, c) is { } path
                    ? new Reference("random graph of this size", path)
                    : new Reference("random graph, roughly (ln N / ln 2c)", Math.Log(nodes) / Math.Log(2 * c))),
        ];
    }
}
