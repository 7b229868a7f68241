using Hearsay.Lab.Contract;
using Hearsay.Lab.Engines;
using Hearsay.Protocols;

namespace Hearsay.Lab.Experiments.Sampling.Healing;

/// <summary>A catastrophe: 65 to 95 % of a converged overlay is removed. Do the survivors hang together?</summary>
internal sealed class PartitionExperiment : IExperiment
{
    private const ulong RemovalPurpose = 0x5245_4D4F;
    private static readonly int[] s_percents = [65, 70, 75, 80, 85, 90, 95];

    public string Name => "partition";

    public string Summary => "65 to 95 % of the nodes vanish at once: how many survivors are cut off?";

    public IReadOnlyList<LabOption> Options { get; } =
    [
        CornerPresets.Option, CornerPresets.Selection, CornerPresets.ViewSize, CommonOptions.Nodes(10_000),
        LabOption.Whole("--warmup", "Cycles before the removals.", 0, 1_000_000, 60),
        LabOption.Whole("--removals", "Independent removals for each share.", 1, 10_000, 30),
        LabOption.Seed, CommonOptions.Threads,
    ];

    public ExperimentResult Run(LabParameters parameters, ILabProgress progress)
    {
        var presets = CornerPresets.Asked(parameters);
        var runs = LabWork.Map(presets, parameters, progress,
            (preset, step) => Run(preset, parameters, step), s_percents.Length + 1);
        List<Row> rows = [.. runs.SelectMany(run => run)];
        return new ExperimentResult
        {
            Experiment = Name,
            Parameters = parameters.ToRow(),
            Summary = new Row { { "variants", presets.Count }, { "removals", parameters.Whole("--removals") } },
            Results = rows,
            Claims = [.. rows.SelectMany(row => ClaimsOf(row, parameters))],
            Figures = [FigureOf(presets, runs, parameters)],
        };
    }

    private static List<Row> Run(string preset, LabParameters parameters, Action step)
    {
        var sampling = CornerPresets.Of(preset, parameters.Whole("--view-size")) with
        {
            Selection = Enum.Parse<PeerSelection>(parameters.Choice("--selection"), ignoreCase: true),
        };
        using var engine = EngineFactory.Create(sampling, parameters.Whole("--nodes"), parameters.Seed);
        engine.Run(parameters.Whole("--warmup"));
        step();
        var views = new int[engine.NodeCount][];
        for (var node = 0; node < views.Length; node++)
        {
            views[node] = [.. engine.ViewOf(node).ToArray().Select(handle => (int)handle)];
        }

        return [.. s_percents.Select(percent =>
        {
            var row = Remove(preset, percent, views, parameters);
            step();
            return row;
        })];
    }

    private static Row Remove(string preset, int percent, int[][] views, LabParameters parameters)
    {
        var removals = parameters.Whole("--removals");
        var (partitioned, outside, components) = (0, 0L, 0L);
        for (var removal = 0; removal < removals; removal++)
        {
            var alive = new bool[views.Length];
            alive.AsSpan((int)Math.Round(percent / 100.0 * views.Length)).Fill(true);
            SeededRandom.For(parameters.Seed, (ulong)removal, (ulong)percent, RemovalPurpose).Shuffle(alive.AsSpan());
            var graph = OverlayGraph.FromViews(views, alive);
            var (count, largest) = ComponentMetric.Of(graph);
            partitioned += count > 1 ? 1 : 0;
            outside += graph.LiveCount - largest;
            components += count;
        }

        return new Row
        {
            { "preset", preset },
            { "removedShare", percent / 100.0 },
            { "survivors", views.Length - (int)Math.Round(percent / 100.0 * views.Length) },
            { "partitionedShare", (double)partitioned / removals },
            { "meanComponents", (double)components / removals },
            { "meanOutsideLargest", (double)outside / removals },
        };
    }

    private static IEnumerable<Claim> ClaimsOf(Row row, LabParameters parameters)
    {
        if (parameters.Whole("--nodes") != 10_000 || parameters.Whole("--view-size") != 30
            || parameters.Choice("--selection") != "rand" || parameters.Whole("--warmup") < 60)
        {
            yield break;
        }

        var (preset, percent) = ((string)row["preset"]!, (int)Math.Round(100 * row.Number("removedShare")));
        var id = $"partition/{preset}/{percent}";
        var outside = row.Number("meanOutsideLargest");
        if (percent <= 70)
        {
            yield return Claim.AtMost(id + "/partitioned", Sources.Bound, 0, row.Number("partitionedShare"));
        }

        if (percent == 75)
        {
            // Known is 0 of 10; the true rate may be some per cent, so more removals may hit one.
            yield return Claim.AtMost(id + "/partitioned", Sources.Tocs, 0.1, row.Number("partitionedShare"));
        }

        if (percent == 85 && preset != "blind")
        {
            yield return Claim.AtMost(id + "/outside", Sources.Bound, 1, outside);
        }

        if (percent is 80 or 85)
        {
            var mean = (preset, percent) switch
            {
                ("healer", 80) => 0.1, ("swapper", 80) => 0, ("blind", 80) => 0.3,
                ("healer", 85) => 0.6, ("swapper", 85) => 0.1, _ => 1.1,
            };
            yield return Claim.Within(id + "/mean-outside", Sources.Tocs, mean, outside, percent == 80 ? 0.3 : 0.8);

            // Shares of ten removals: two to three deviations of such a share.
            var share = (preset, percent) switch
            {
                ("healer", 80) => 0.1, ("swapper", 80) => 0, ("blind", 80) => 0.2,
                ("healer", 85) => 0.4, ("swapper", 85) => 0.1, _ => 0.7,
            };
            yield return Claim.Within(
                id + "/partitioned", Sources.Tocs + " (of ten)", share, row.Number("partitionedShare"),
                percent == 80 ? 0.25 : 0.4);
        }

        if (percent >= 90)
        {
            yield return Claim.AtLeast(
                id + "/partitioned", Sources.Tocs + " (10 of 10)", 0.8, row.Number("partitionedShare"));
        }

        // Means of ten removals of one overlay: a fifth is the spread of such a mean, a third where few are cut off.
        double? expected = (preset, percent) switch
        {
            ("healer", 90) => 7.0, ("swapper", 90) => 2.2, ("blind", 90) => 8.6,
            ("healer", 95) => 55, ("swapper", 95) => 28, ("blind", 95) => 44,
            _ => null,
        };
        if (expected is { } value)
        {
            yield return Claim.Near(id + "/outside", Sources.Tocs, value, outside, percent == 90 ? 0.45 : 0.2);
        }
    }

    private static LineFigure FigureOf(
        IReadOnlyList<string> presets, List<Row>[] runs, LabParameters parameters) => new(
        "partition",
        $"Survivors cut off by a catastrophe: {parameters.Choice("--selection")}, pushpull, "
        + $"c = {parameters.Whole("--view-size")}, N = {parameters.Whole("--nodes"):N0}, "
        + $"mean of {parameters.Whole("--removals")} removals",
        "nodes removed (%)", "survivors cut off (0 is not drawn)",
        [.. runs.Zip(presets).Select(run => new Curve(run.Second, [.. run.First.Select(row =>
            (100 * row.Number("removedShare"), row.Number("meanOutsideLargest")))]))])
    {
        LogVertical = true,
        References = [new Reference("bound at 85 % for healer and swapper (1)", 1)],
    };
}
