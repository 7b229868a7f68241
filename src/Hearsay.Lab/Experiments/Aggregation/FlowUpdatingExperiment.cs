using System.Globalization;
using Hearsay.Lab.Contract;
using Hearsay.Simulation.Aggregation;

namespace Hearsay.Lab.Experiments.Aggregation;

/// <summary>Values that never stop changing: no epochs, nothing lost for good, but stable neighbours.</summary>
internal sealed class FlowUpdatingExperiment : IExperiment
{
    private const double StepFactor = 3;

    /// <summary>Links that nodes choose: some 50 bytes each.</summary>
    private const int MostLinks = 200_000_000;

    public string Name => "flow-updating";

    public string Summary => "Flow updating and running sums: a step of half of the values under loss, no restart.";

    public IReadOnlyList<LabOption> Options { get; } =
    [
        LabOption.Choice("--variant", "pairwise: flow updating with answers; running-sum: push-sum that loses nothing.",
            "pairwise", "pairwise", "running-sum"),
        LabOption.Whole("--degree", "Neighbours a node chooses; pairwise they choose back, so it has twice as many.",
            1, 100, 10),
        LabOption.Number("--loss", "Share of messages lost, each way for itself.", 0, 0.95, 0.2),
        LabOption.Whole("--step-at", "Half of the nodes get three times their value after this cycle; 0: never.",
            0, 1_000_000, 120),
        AggregationOptionSet.Values, CommonOptions.Nodes(10_000), CommonOptions.Cycles(240), LabOption.Seed,
        CommonOptions.Threads,
    ];

    public ExperimentResult Run(LabParameters parameters, ILabProgress progress)
    {
        if ((long)parameters.Whole("--nodes") * parameters.Whole("--degree") > MostLinks)
        {
            throw new LabUsageException($"--nodes times --degree must be at most {MostLinks:N0}.");
        }

        var meter = new StepMeter();
        var rows = LabWork.Map([parameters.Choice("--variant")], parameters, progress,
            (variant, step) => Run(variant, parameters, meter, step), parameters.Whole("--cycles"))[0];
        var after = (int)Math.Max(1, parameters.Whole("--cycles") - parameters.Whole("--step-at"));
        return new ExperimentResult
        {
            Experiment = Name,
            Parameters = parameters.ToRow(),
            Summary = new Row
            {
                { "rmsAtEnd", rows.Count > 0 ? rows[^1].Number("rms") : null }, { "cyclesAfterStep", after },
                { "biasAtEnd", rows.Count > 0 ? rows[^1].Number("bias") : null },
                { "meanFactor", AveragingTheory.MeanFactor(rows) }, { "nodeStepsPerSecond", meter.PerSecond },
            },
            Results = rows,
            Claims = [.. ClaimsOf(parameters, rows)],
            Figures = FiguresOf(parameters, rows),
        };
    }

    private static List<Row> Run(string variant, LabParameters parameters, StepMeter meter, Action step)
    {
        var (nodes, seed) = (parameters.Whole("--nodes"), parameters.Seed);
        var values = StartValues.Of(parameters.Choice("--values"), nodes, seed);
        var (loss, degree) = (parameters.Number("--loss"), Math.Min(parameters.Whole("--degree"), nodes - 1));
        var flows = new FlowRun(NeighbourGraph.Random(nodes, degree, seed), values, loss, seed);
        var sums = new RunningSumRun(values, degree, loss, seed);
        var pairwise = variant == "pairwise";
        var (rows, truth, before) = (new List<Row>(), values.Average(), double.NaN);
        for (var cycle = 1; cycle <= parameters.Whole("--cycles"); cycle++)
        {
            meter.Time(nodes, pairwise ? flows.Step : sums.Step);

            var spread = pairwise ? flows.Measure(truth) : sums.Measure(truth);
            rows.Add(new Row
            {
                { "cycle", cycle }, { "truth", truth }, { "mean", spread.Mean }, { "variance", spread.Variance },
                { "factor", before > 0 ? spread.Variance / before : null }, { "rms", spread.RelativeError },
                { "maxRelativeError", spread.MaximumRelativeError }, { "bias", spread.Bias },
            });
            before = spread.Variance;
            if (cycle == parameters.Whole("--step-at"))
            {
                truth = Change(values, flows, sums);
            }

            step();
        }

        return rows;
    }

    private static double Change(double[] values, FlowRun flows, RunningSumRun sums)
    {
        for (var node = 0; node < values.Length; node += 2)
        {
            values[node] *= StepFactor;
            flows.Change(node, values[node]);
            sums.Change(node, values[node]);
        }

        return values.Average();
    }

    private static IEnumerable<Claim> ClaimsOf(LabParameters parameters, List<Row> rows)
    {
        var step = parameters.Whole("--step-at");
        if (parameters.Whole("--nodes") < 10_000 || parameters.Choice("--values") != "uniform"
            || parameters.Number("--loss") != 0.2 || parameters.Whole("--cycles") < step + 120 || step < 100)
        {
            yield break;
        }

        if (parameters.Choice("--variant") == "pairwise" && parameters.Whole("--degree") == 10)
        {
            yield return Claim.Between("flow-updating/rms-30", "simulation at N = 10^4, degree 20: 1.6 to 1.8 %",
                0.008, 0.03, rows[29].Number("rms"));
            yield return Claim.AtMost("flow-updating/rms-100", "simulation at N = 10^4, degree 20: 0.12 %", 0.002,
                rows[99].Number("rms"));
            yield return Claim.AtMost("flow-updating/rms-120-after-step", "target: a step is followed without restart",
                0.002, rows[step + 119].Number("rms"));
        }
        else if (parameters.Choice("--variant") == "running-sum" && parameters.Whole("--degree") <= 5)
        {
            yield return Claim.AtMost("flow-updating/running-sum-120-after-step",
                "target: a step is followed without restart", 0.005, rows[step + 119].Number("rms"));
        }
    }

    private static LineFigure[] FiguresOf(LabParameters parameters, List<Row> rows)
    {
        var what = parameters.Choice("--variant") == "pairwise" ? "Flow updating" : "Running sums";
        var text = string.Create(CultureInfo.InvariantCulture,
            $"{what}: N = {parameters.Whole("--nodes"):N0}, {100 * parameters.Number("--loss"):0.#} % loss, ")
            + $"{parameters.Whole("--degree")} neighbours chosen, step after cycle {parameters.Whole("--step-at")}";
        return
        [
            new LineFigure("flow-updating", text, "cycle", "error relative to the average",
                [
                    new Curve("rms over the nodes", [.. rows.Select(row => (row.Number("cycle"), row.Number("rms")))]),
                    new Curve("worst node",
                        [.. rows.Select(row => (row.Number("cycle"), row.Number("maxRelativeError")))]),
                ])
            { LogVertical = true, References = [new Reference("bound 100 cycles after the step: rms 0.2 %", 0.002)] },
        ];
    }
}
