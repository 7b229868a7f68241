using System.Globalization;
using Hearsay.Lab.Contract;
using Hearsay.Simulation.Aggregation;

namespace Hearsay.Lab.Experiments.Aggregation;

/// <summary>What loss, failing links and crashes do to averaging, against the formulas; many runs of each.</summary>
internal sealed class AveragingFaultsExperiment : IExperiment
{
    private static readonly GossipFaults[] s_variants =
    [
        new() { Loss = 0.05 }, new() { Loss = 0.1 }, new() { Loss = 0.2 }, new() { Loss = 0.3 },
        new() { Loss = 0.2, Tries = 2 }, new() { Loss = 0.2, Tries = 3 }, new() { Loss = 0.2, Tries = 5 },
        new() { Loss = 0.2, Tries = 8 },
        new() { Loss = 0.05, Tries = 3 }, new() { Loss = 0.1, Tries = 3 }, new() { Loss = 0.3, Tries = 3 },
        new() { LinkFailure = 0.2 }, new() { LinkFailure = 0.5 }, new() { LinkFailure = 0.8 },
        new() { Crash = 0.0025 }, new() { Crash = 0.005 }, new() { Crash = 0.01 }, new() { Crash = 0.02 },
        new() { Crash = 0.05 },
    ];

    public string Name => "averaging-faults";

    public string Summary => "Averaging under loss, failing links and crashes: bias and speed against the formulas.";

    public IReadOnlyList<LabOption> Options { get; } =
    [
        CommonOptions.Runs(50), CommonOptions.Nodes(10_000), AggregationOptionSet.Cycles, LabOption.Seed,
        CommonOptions.Threads,
    ];

    public ExperimentResult Run(LabParameters parameters, ILabProgress progress)
    {
        var rows = LabWork.Map(s_variants, parameters, progress, (faults, step) => Run(faults, parameters, step),
            parameters.Whole("--runs"));
        return new ExperimentResult
        {
            Experiment = Name,
            Parameters = parameters.ToRow(),
            Summary = new Row { { "variants", rows.Length } },
            Results = rows,
            Claims = [.. ClaimsOf(parameters, rows)],
            Figures = FiguresOf(parameters, rows),
        };
    }

    private static Row Run(GossipFaults faults, LabParameters parameters, Action step)
    {
        var (nodes, cycles, runs) =
            (parameters.Whole("--nodes"), parameters.Whole("--cycles"), parameters.Whole("--runs"));
        var (squares, worst, factors, counted, variation) = (0.0, 0.0, 0.0, 0, 0.0);
        for (var run = 0; run < runs; run++)
        {
            var seed = parameters.Seed + (ulong)run;
            var values = StartValues.Of("uniform", nodes, seed);
            variation += StartValues.VariationOf(values) / runs;
            var truth = values.Average();
            var averaging = new AveragingRun(values, 1, faults, seed);
            var before = averaging.Measure(truth);
            for (var cycle = 1; cycle <= cycles; cycle++)
            {
                averaging.Step();
                var spread = averaging.Measure(truth);
                if (cycle is >= 2 and <= 25)
                {
                    (factors, counted) = (factors + (spread.Variance / before.Variance), counted + 1);
                }

                before = spread;
            }

            squares += before.Bias * before.Bias / runs;
            worst = Math.Max(worst, before.MaximumRelativeError);
            step();
        }

        var expected = faults.Crash > 0
            ? AveragingTheory.BiasUnderCrashes(faults.Crash, nodes, cycles, variation)
            : faults.Tries > 1 ? null : AveragingTheory.BiasConstant(faults.Loss) * variation / Math.Sqrt(nodes);
        return new Row
        {
            { "loss", faults.Loss }, { "linkFailure", faults.LinkFailure }, { "crash", faults.Crash },
            { "retry", faults.Tries }, { "meanFactor", counted > 0 ? factors / counted : null },
            { "rmsBias", Math.Sqrt(squares) }, { "expectedBias", expected }, { "maxRelativeError", worst },
        };
    }

    private static IEnumerable<Claim> ClaimsOf(LabParameters parameters, Row[] rows)
    {
        if (parameters.Whole("--nodes") != 10_000 || parameters.Whole("--runs") < 50
            || parameters.Whole("--cycles") != 30)
        {
            yield break;
        }

        var biases = rows.Where(row => row.Number("loss") == 0.2).OrderBy(row => row.Number("retry"))
            .Select(row => row.Number("rmsBias")).ToArray();
        for (var i = 1; i < biases.Length; i++)
        {
            yield return Claim.AtMost(Invariant($"averaging-faults/more-tries-{i}"),
                "a request repeated more often leaves less bias", biases[i - 1], biases[i]);
        }

        foreach (var row in rows)
        {
            if (row.Number("linkFailure") is > 0 and var failing)
            {
                yield return Claim.Near(Invariant($"averaging-faults/link-failure-{failing}"),
                    AveragingTheory.Source + ": (1+P)/2 e^(-(1-P)/2)",
                    AveragingTheory.FactorUnderLinkFailure(failing), row.Number("meanFactor"), 0.02);
                yield return Claim.AtMost(Invariant($"averaging-faults/link-failure-{failing}-bias"),
                    "both sides fail: no bias", 1e-9, row.Number("rmsBias"));
            }
            else if (row["expectedBias"] is double expected)
            {
                var (what, source) = row.Number("crash") is > 0 and var crash
                    ? (Invariant($"crash-{crash}"), AveragingTheory.Source + ", variance of the mean under crashes")
                    : (Invariant($"loss-{row.Number("loss")}"), "k CV/sqrt N, fitted to simulations");
                yield return Claim.Between(
                    $"averaging-faults/{what}", source, 0.5 * expected, 1.5 * expected, row.Number("rmsBias"));
            }
        }
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static LineFigure[] FiguresOf(LabParameters parameters, Row[] rows)
    {
        var where = Invariant($"N = {parameters.Whole("--nodes"):N0}, uniform values, ")
            + $"{parameters.Whole("--cycles")} cycles, {parameters.Whole("--runs")} runs";
        var plain = rows.Where(row => row.Number("retry") == 1).ToArray();
        return
        [
            new LineFigure("averaging-loss", $"What lost answers leave behind: {where}",
                "messages lost, each way (%)", "rms error of the average (% of it)",
                [
                    CurveOf("plain", plain, "loss", "rmsBias"),
                    CurveOf("at most three tries", rows.Where(row => row.Number("retry") == 3), "loss", "rmsBias"),
                    CurveOf("expected for plain (fitted to simulations)", plain, "loss", "expectedBias") with
                    {
                        IsOracle = true,
                    },
                ]),
            new LineFigure("averaging-crashes", $"What crashes leave behind: {where}",
                "nodes that crash in each cycle (%)", "rms error of the average (% of it)",
                [
                    CurveOf("measured", rows, "crash", "rmsBias"),
                    CurveOf("formula of Jelasity, Montresor, Babaoglu 2005", rows, "crash", "expectedBias") with
                    {
                        IsOracle = true,
                    },
                ]),
            new LineFigure("averaging-link-failure", $"Failing links slow averaging down: {where}",
                "exchanges that do not happen (%)", "variance over that of the cycle before",
                [
                    CurveOf("measured", rows, "linkFailure", "meanFactor", scale: 1),
                    new Curve("theory: (1+P)/2 · e^(-(1-P)/2), P = the share that fails",
                        [.. Enumerable.Range(0, 17).Select(step =>
                            (5.0 * step, AveragingTheory.FactorUnderLinkFailure(step / 20.0)))])
                    { IsOracle = true },
                ]),
        ];
    }

    private static Curve CurveOf(string label, IEnumerable<Row> rows, string x, string y, double scale = 100) =>
        new(label, [.. rows.Where(row => row.Number(x) > 0 && row[y] is not null).OrderBy(row => row.Number(x))
            .Select(row => (100 * row.Number(x), scale * row.Number(y)))]);
}
