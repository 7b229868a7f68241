using Hearsay.Lab.Contract;
using Hearsay.Lab.Engines;

namespace Hearsay.Lab.Experiments.Sampling.Healing;

/// <summary>A share of the nodes dies at once: how long do views name the dead?</summary>
internal sealed class HealExperiment : IExperiment
{
    public string Name => "heal";

    public string Summary => "A share of the nodes dies at once: dead links, cycle by cycle.";

    public IReadOnlyList<LabOption> Options { get; } =
    [
        .. CommonOptions.Protocol, .. CommonOptions.Network, CommonOptions.Nodes(10_000),
        LabOption.Whole("--warmup", "Cycles before the crash.", 0, 1_000_000, 60),
        LabOption.Number("--kill", "Share of the nodes that dies at once.", 0, 0.9999, 0.5),
        CommonOptions.Cycles(60, "Cycles after the crash."), LabOption.Seed, CommonOptions.Threads,
    ];

    public bool RunsWholeNodes => true;

    public ExperimentResult Run(LabParameters parameters, ILabProgress progress)
    {
        var setup = ProtocolSetup.Read(parameters);
        var (nodes, warmup) = (parameters.Whole("--nodes"), parameters.Whole("--warmup"));
        var total = warmup + parameters.Whole("--cycles");
        using var engine = setup.CreateEngine(parameters, nodes);
        while (engine.Cycle < warmup)
        {
            engine.Run(1);
            progress.Report((double)engine.Cycle / total);
        }

        engine.KillNodes((int)Math.Round(parameters.Number("--kill") * nodes));
        List<Row> rows = [RowOf(engine, warmup)];
        while (engine.Cycle < total)
        {
            engine.Run(1);
            rows.Add(RowOf(engine, warmup));
            progress.Report((double)engine.Cycle / total);
        }

        var clean = rows.Find(row => row.Number("deadLinks") == 0);
        var (components, largest) = ComponentMetric.Of(engine.Snapshot());
        return new ExperimentResult
        {
            Experiment = Name,
            Parameters = parameters.ToRow(),
            Summary = new Row
            {
                { "killed", nodes - engine.LiveCount },
                { "deadLinksAtCrash", rows[0].Number("deadLinks") },
                { "deadLinksAtEnd", rows[^1].Number("deadLinks") },
                { "cyclesToNoDeadLink", clean?["cyclesAfterCrash"] },
                { "components", components },
                { "outsideLargestComponent", engine.LiveCount - largest },
            },
            Results = rows,
            Claims = HealOracles.Check(setup, parameters, rows),
            Figures = [FigureOf(setup, parameters, rows)],
        };
    }

    private static Row RowOf(ICycleEngine engine, int warmup)
    {
        var (dead, links) = (engine.CountDeadLinks(), 0L);
        for (var node = 0; node < engine.NodeCount; node++)
        {
            links += engine.IsAlive(node) ? engine.ViewOf(node).Length : 0;
        }

        return new Row
        {
            { "cycle", engine.Cycle },
            { "cyclesAfterCrash", engine.Cycle - warmup },
            { "nodes", engine.LiveCount },
            { "deadLinks", dead },
            { "deadShare", links == 0 ? 0 : (double)dead / links },
        };
    }

    private static LineFigure FigureOf(ProtocolSetup setup, LabParameters parameters, List<Row> rows)
    {
        var oracle = HealOracles.Find(setup, parameters);
        List<Curve> curves =
        [
            new("measured", [.. rows.Select(row => (row.Number("cyclesAfterCrash"), row.Number("deadLinks")))]),
        ];
        if (oracle is not null)
        {
            var last = rows[^1].Number("cyclesAfterCrash");
            curves.Add(new("an independent program (after Jelasity et al., TOCS 2007)",
                [.. oracle.Points.Where(point => point.Cycle <= last)
                    .Select(point => ((double)point.Cycle, (double)point.DeadLinks))]) { IsOracle = true });
        }

        return new LineFigure(
            "dead-links",
            $"{100 * parameters.Number("--kill"):0.#} % of {parameters.Whole("--nodes"):N0} nodes die: {setup.Text}",
            "cycles after the crash", "links to dead nodes", curves)
        {
            References = [new Reference("healed (0)", 0)],
        };
    }
}
