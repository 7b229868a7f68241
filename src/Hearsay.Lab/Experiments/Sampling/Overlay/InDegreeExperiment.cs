using Hearsay.Lab.Contract;
using Hearsay.Lab.Engines;

namespace Hearsay.Lab.Experiments.Sampling.Overlay;

/// <summary>
/// In-degrees over nodes and over time: their distribution, how long a node keeps a high or low one, and how old the
/// entries of views are (TOCS 2007, section 5).
/// </summary>
internal sealed class InDegreeExperiment : IExperiment
{
    private const int FollowedNodes = 1_000;
    private const int AgesInRows = 60;
    private static readonly int[] s_lags = [0, 1, 2, 3, 5, 7, 10, 15, 20, 30, 40, 50, 60, 80, 100];

    public string Name => "indegree";

    public string Summary => "In-degrees: distribution, autocorrelation of a node over time; ages of view entries.";

    public IReadOnlyList<LabOption> Options { get; } =
    [
        CornerPresets.Option, CornerPresets.Selection, CornerPresets.ViewSize, CommonOptions.Nodes(10_000),
        LabOption.Whole("--warmup", "Cycles before the nodes are followed.", 0, 1_000_000, 100),
        CommonOptions.Cycles(300, "Cycles for which 1,000 nodes are followed."), LabOption.Seed, CommonOptions.Threads,
    ];

    public ExperimentResult Run(LabParameters parameters, ILabProgress progress)
    {
        var presets = CornerPresets.Asked(parameters);
        var runs = LabWork.Map(presets, parameters, progress,
            (preset, step) => Measure(preset, parameters, step), Math.Max(1, parameters.Whole("--cycles")));
        return new ExperimentResult
        {
            Experiment = Name,
            Parameters = parameters.ToRow(),
            Summary = new Row { { "variants", presets.Count } },
            Results = [.. runs.SelectMany(rows => rows)],
            Claims = [.. ClaimsOf(presets, runs, parameters)],
            Figures = FiguresOf(presets, runs, parameters),
        };
    }

    private static List<Row> Measure(string preset, LabParameters parameters, Action step)
    {
        var (nodes, cycles) = (parameters.Whole("--nodes"), parameters.Whole("--cycles"));
        var sampling = CornerPresets.Of(preset, parameters.Whole("--view-size")) with
        {
            Selection = Enum.Parse<PeerSelection>(parameters.Choice("--selection"), ignoreCase: true),
        };
        using var engine = EngineFactory.Create(sampling, nodes, parameters.Seed);
        engine.Run(parameters.Whole("--warmup"));
        var followed = Math.Min(nodes, FollowedNodes);
        var series = new int[cycles + 1][];
        for (var cycle = 0; cycle <= cycles; cycle++)
        {
            engine.Run(cycle == 0 ? 0 : 1);
            series[cycle] = InDegrees(engine)[..followed];
            step();
        }

        List<Row> rows =
        [
            .. s_lags.Where(lag => lag < Math.Max(1, cycles)).Select(lag => RowOf(preset, "autocorrelation", lag,
                Autocorrelation(series, lag))),
        ];
        var degrees = InDegrees(engine);
        rows.AddRange(degrees.GroupBy(degree => degree).OrderBy(group => group.Key)
            .Select(group => RowOf(preset, "in-degree", group.Key, group.Count() / (double)nodes)));
        rows.AddRange(Ages(engine).Take(AgesInRows).Select((share, age) => RowOf(preset, "age", age, share)));
        return rows;
    }

    private static Row RowOf(string preset, string quantity, int at, double value) => new()
    {
        { "preset", preset }, { "quantity", quantity }, { "at", at }, { "value", value },
    };

    private static int[] InDegrees(ICycleEngine engine)
    {
        var degrees = new int[engine.NodeCount];
        for (var node = 0; node < degrees.Length; node++)
        {
            foreach (var other in engine.ViewOf(node))
            {
                degrees[other]++;
            }
        }

        return degrees;
    }

    /// <summary>Over all followed nodes at once, about the mean of all.</summary>
    private static double Autocorrelation(int[][] series, int lag)
    {
        var mean = series.Average(degrees => degrees.Average());
        var (product, square, pairs, values) = (0.0, 0.0, 0L, 0L);
        for (var cycle = 0; cycle < series.Length; cycle++)
        {
            for (var node = 0; node < series[cycle].Length; node++)
            {
                var here = series[cycle][node] - mean;
                square += here * here;
                values++;
                if (cycle + lag < series.Length)
                {
                    product += here * (series[cycle + lag][node] - mean);
                    pairs++;
                }
            }
        }

        return square == 0 ? 0 : product / pairs / (square / values);
    }

    private static double[] Ages(ICycleEngine engine)
    {
        var (counts, total) = (new double[ushort.MaxValue + 1], 0.0);
        for (var node = 0; node < engine.NodeCount; node++)
        {
            foreach (var age in engine.AgesOf(node))
            {
                counts[age]++;
                total++;
            }
        }

        return [.. counts.Select(count => total == 0 ? 0 : count / total)];
    }

    private static IEnumerable<Claim> ClaimsOf(
        IReadOnlyList<string> presets, List<Row>[] runs, LabParameters parameters)
    {
        if (parameters.Whole("--nodes") != 10_000 || parameters.Whole("--view-size") != 30
            || parameters.Choice("--selection") != "rand" || parameters.Whole("--cycles") < 300
            || parameters.Whole("--warmup") < 100 || presets.Count < 3)
        {
            yield break;
        }

        const string Paper = "TOCS 2007, section 5: healer forgets fast, blind and swapper slowly";
        double At(string preset, int lag) => runs[presets.ToList().IndexOf(preset)].Find(row =>
            (string)row["quantity"]! == "autocorrelation" && row.Number("at") == lag)!.Number("value");
        yield return Claim.AtMost("indegree/healer/autocorrelation-20", Paper, 0.2, At("healer", 20));
        yield return Claim.AtLeast("indegree/blind/autocorrelation-over-healer-20", Paper, 2,
            At("blind", 20) / Math.Max(0.01, At("healer", 20)));
        yield return Claim.AtLeast("indegree/swapper/autocorrelation-over-healer-20", Paper, 2,
            At("swapper", 20) / Math.Max(0.01, At("healer", 20)));
    }

    private static List<Figure> FiguresOf(IReadOnlyList<string> presets, List<Row>[] runs, LabParameters parameters)
    {
        var where = $"{parameters.Choice("--selection")}, pushpull, c = {parameters.Whole("--view-size")}, "
            + $"N = {parameters.Whole("--nodes"):N0}";
        LineFigure Over(string name, string title, string quantity, string x, string y, Reference known) => new(
            name, $"{title}: {where}", x, y,
            [.. presets.Zip(runs).Select(run => new Curve(run.First, [.. run.Second
                .Where(row => (string)row["quantity"]! == quantity)
                .Select(row => (row.Number("at"), row.Number("value")))]))])
        {
            References = [known],
        };
        return
        [
            Over("in-degree-autocorrelation", "How long a node keeps its in-degree", "autocorrelation", "lag (cycles)",
                "autocorrelation of the in-degree (-1 to 1)", new Reference("forgotten (0)", 0)),
            Over("in-degree-distribution", "In-degrees", "in-degree", "in-degree (nodes)",
                "share of the nodes (0 to 1)", new Reference("none (0)", 0)),
            Over("age-distribution", "Ages of the entries of views", "age", "age (cycles)",
                "share of the entries (0 to 1)", new Reference("none (0)", 0)),
        ];
    }
}
