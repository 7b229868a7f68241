using Hearsay.Lab.Contract;
using Hearsay.Lab.Engines;

namespace Hearsay.Lab.Experiments.Sampling.Overlay;

/// <summary>
/// A network grows from one node that all newcomers know. Pushpull spreads its load; push keeps the hub and can break.
/// </summary>
internal sealed class GrowingExperiment : IExperiment
{
    private const int RowEvery = 5;

    public string Name => "growing";

    public string Summary => "Push against pushpull while a network grows: the hub that will not die, partitions.";

    public IReadOnlyList<LabOption> Options { get; } =
    [
        CornerPresets.Option, LabOption.Choice("--propagation", "Which way; both unless given.", "both",
            "both", "push", "pushpull"),
        CornerPresets.ViewSize,
        LabOption.Whole("--joins-per-cycle", "Nodes that join in each cycle.", 1, 1_000_000, 500),
        CommonOptions.Nodes(10_000), CommonOptions.Cycles(300), CommonOptions.Runs(1), LabOption.Seed,
        CommonOptions.Threads,
    ];

    public ExperimentResult Run(LabParameters parameters, ILabProgress progress)
    {
        Propagation[] ways = parameters.Choice("--propagation") switch
        {
            "push" => [Propagation.Push],
            "pushpull" => [Propagation.PushPull],
            _ => [Propagation.Push, Propagation.PushPull],
        };
        var runs = parameters.Whole("--runs");
        var variants = (from preset in CornerPresets.Asked(parameters)
                        from way in ways
                        from run in Enumerable.Range(0, runs)
                        select new GrowingVariant(preset, way, run)).ToArray();
        var all = LabWork.Map(variants, parameters, progress,
            (variant, step) => Run(variant, parameters, step), parameters.Whole("--cycles"));
        return new ExperimentResult
        {
            Experiment = Name,
            Parameters = parameters.ToRow(),
            Summary = new Row { { "variants", variants.Length / runs }, { "runs", runs } },
            Results = [.. all.SelectMany(rows => rows)],
            Claims = GrowingOracles.Check(variants, all, parameters),
            Figures = FiguresOf(variants, all, parameters),
        };
    }

    private static List<Row> Run(GrowingVariant variant, LabParameters parameters, Action step)
    {
        var sampling = CornerPresets.Of(variant.Preset, parameters.Whole("--view-size")) with
        {
            Propagation = variant.Propagation,
        };
        using var engine = EngineFactory.Create(
            sampling, parameters.Whole("--nodes"), parameters.Seed + (ulong)variant.Run, OverlayStart.Growing,
            parameters.Whole("--joins-per-cycle"));
        var rows = new List<Row>();
        for (var cycle = 1; cycle <= parameters.Whole("--cycles"); cycle++)
        {
            engine.Run(1);
            step();
            if (cycle % RowEvery == 0 || cycle == parameters.Whole("--cycles"))
            {
                rows.Add(RowOf(variant, engine));
            }
        }

        return rows;
    }

    private static Row RowOf(GrowingVariant variant, ICycleEngine engine)
    {
        var graph = engine.Snapshot();
        var (components, largest) = ComponentMetric.Of(graph);
        var most = 0;
        foreach (var degree in graph.InDegrees)
        {
            most = Math.Max(most, degree);
        }

        return new Row
        {
            { "preset", variant.Preset },
            { "propagation", variant.Propagation.ToString().ToLowerInvariant() },
            { "run", variant.Run },
            { "cycle", engine.Cycle },
            { "nodes", engine.LiveCount },
            { "inDegreeMax", most },
            { "components", components },
            { "largestComponent", largest },
            { "meanViewSize", (double)graph.LinkCount / graph.LiveCount },
        };
    }

    private static List<Figure> FiguresOf(GrowingVariant[] variants, List<Row>[] runs, LabParameters parameters)
    {
        var where = $"{parameters.Whole("--joins-per-cycle")} nodes join per cycle up to "
            + $"{parameters.Whole("--nodes"):N0}, c = {parameters.Whole("--view-size")}";
        var first = variants.Zip(runs).Where(pair => pair.First.Run == 0).ToArray();
        var hasBound = parameters.Whole("--joins-per-cycle") == 500 && parameters.Whole("--nodes") == 10_000
            && parameters.Whole("--view-size") == 30
            && first.Any(pair => pair.First is { Preset: "swapper", Propagation: Propagation.PushPull });
        LineFigure Over(
            string name, string title, string column, string unit, bool log, params Reference[] known) => new(
            name, $"{title}: {where}", "cycle", unit,
            [.. first.Select(pair => new Curve(
                $"{CornerPresets.LabelOf(pair.First.Preset)}, {FigureWords.Of(pair.First.Propagation)}",
                [.. pair.Second.Select(row => (row.Number("cycle"), row.Number(column)))]))])
        {
            LogVertical = log, References = known, MayCover = true,
        };
        return
        [
            Over("growing-hub", "Largest in-degree in a growing network", "inDegreeMax", "in-degree (nodes)", log: true,
                hasBound ? [new Reference("bound: 160 by cycle 60 (swapper, push-pull)", 160)] : []),
            Over("growing-components", "Components of a growing network", "components", "components", log: false,
                new Reference("connected (1)", 1)),
        ];
    }
}
