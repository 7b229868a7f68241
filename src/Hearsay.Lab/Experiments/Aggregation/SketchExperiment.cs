using Hearsay.Lab.Contract;
using Hearsay.Protocols;
using Hearsay.Protocols.Aggregation.Sketches;
using Hearsay.Protocols.Core;
using Hearsay.Simulation.Aggregation;

namespace Hearsay.Lab.Experiments.Aggregation;

/// <summary>The idempotent sketches: how soon all nodes hold the same, and how good that is.</summary>
internal sealed class SketchExperiment : IExperiment
{
    private const ulong DrawPurpose = 0x4452_4157;
    private const int Judged = 100;

    public string Name => "sketch";

    public string Summary => "HyperLogLog, extrema propagation and bottom-k: cycles until all agree, and the error.";

    public IReadOnlyList<LabOption> Options { get; } =
    [
        LabOption.Choice("--kind", "hll: HyperLogLog; extrema: K minima; bottom-k: the k smallest hashes.", "hll",
            "hll", "extrema", "bottom-k"),
        LabOption.Whole("--precision", "p of HyperLogLog: 2^p registers.", HyperLogLog.LeastPrecision,
            HyperLogLog.GreatestPrecision, 12),
        LabOption.Whole("--size", "K of extrema propagation, k of bottom-k.", 3, 65_536, 1_000),
        AggregationOptionSet.Loss, AggregationOptionSet.LinkFailure, AggregationOptionSet.Crash,
        AggregationOptionSet.Retry, CommonOptions.Runs(1), CommonOptions.Nodes(10_000),
        CommonOptions.Cycles(40, "Cycles at most; a run ends when all nodes hold the union of all."), LabOption.Seed,
        CommonOptions.Threads,
    ];

    public ExperimentResult Run(LabParameters parameters, ILabProgress progress)
    {
        var (nodes, width) = (parameters.Whole("--nodes"), WidthOf(parameters));
        if ((nodes + 1L) * width > Array.MaxLength)
        {
            throw new LabUsageException($"--nodes {nodes} of {width} each do not fit; take fewer or smaller ones.");
        }

        var meter = new StepMeter();
        var runs = LabWork.Map([.. Enumerable.Range(0, parameters.Whole("--runs"))], parameters, progress,
            (run, step) => Run(run, parameters, meter, step));
        var errors = runs.Select(run => (run.Union / nodes) - 1).ToArray();
        var summary = new Row
        {
            { "cyclesToAgreement", runs.All(run => run.Agreed) ? runs.Max(run => run.Rows.Count) : null },
            { "meanError", errors.Average() },
            { "rmsError", Math.Sqrt(errors.Average(error => error * error)) },
            { "largestError", errors.Max(Math.Abs) },
            { "expectedError", ExpectedError(parameters) }, { "nodeStepsPerSecond", meter.PerSecond },
        };
        return new ExperimentResult
        {
            Experiment = Name,
            Parameters = parameters.ToRow(),
            Summary = summary,
            Results = [.. runs.SelectMany(run => run.Rows)],
            Claims = [.. ClaimsOf(parameters, summary)],
            Figures = FiguresOf(parameters, runs),
        };
    }

    private static int WidthOf(LabParameters parameters) => parameters.Choice("--kind") == "hll"
        ? HyperLogLog.RegisterCount(parameters.Whole("--precision")) : parameters.Whole("--size");

    private static double ExpectedError(LabParameters parameters) => parameters.Choice("--kind") == "hll"
        ? HyperLogLog.RelativeError(WidthOf(parameters)) : ExtremaKernel.RelativeError(WidthOf(parameters));

    private static string NameOf(string kind) => kind switch
    {
        "hll" => "HyperLogLog", "extrema" => "Extrema propagation", _ => "Bottom-k sample",
    };

    private static SketchResult Run(int run, LabParameters parameters, StepMeter meter, Action step)
    {
        var (nodes, width, seed) =
            (parameters.Whole("--nodes"), WidthOf(parameters), parameters.Seed + (ulong)run);
        var hash = new KeyedHash(seed, (ulong)nodes);
        switch (parameters.Choice("--kind"))
        {
            case "hll":
                var registers = new HyperLogLogs(new byte[(nodes + 1) * width], width);
                for (var node = 0; node < nodes; node++)
                {
                    HyperLogLog.Add(registers.Row(node), hash.Of((ulong)node));
                }

                return Run(run, registers, parameters, meter, step);
            case "extrema":
                var minima = new ExtremaSketches(new double[(nodes + 1) * width], width);
                ExtremaKernel.Clear(minima.Row(nodes));
                for (var node = 0; node < nodes; node++)
                {
                    var random = SeededRandom.For(seed, (ulong)node, 0, DrawPurpose);
                    ExtremaKernel.Draw(minima.Row(node), 1, ref random);
                }

                return Run(run, minima, parameters, meter, step);
            default:
                var smallest = new BottomKSketches(nodes + 1, width);
                for (var node = 0; node < nodes; node++)
                {
                    smallest.Add(node, hash.Of((ulong)node), node);
                }

                return Run(run, smallest, parameters, meter, step);
        }
    }

    private static SketchResult Run<TSketches>(
        int run, TSketches sketches, LabParameters parameters, StepMeter meter, Action step)
        where TSketches : struct, ISketches
    {
        var nodes = parameters.Whole("--nodes");
        var gossip = new SketchRun<TSketches>(
            sketches, nodes, AggregationOptionSet.FaultsOf(parameters), parameters.Seed + (ulong)run);
        var (rows, agreed) = (new List<Row>(), false);
        while (!agreed && gossip.Cycle < parameters.Whole("--cycles"))
        {
            meter.Time(gossip.Population.Count, gossip.Step);
            var complete = gossip.CountComplete();
            agreed = complete == gossip.Population.Count;
            var errors = Enumerable.Range(0, Math.Min(Judged, gossip.Population.Count))
                .Select(position => gossip.Estimate(gossip.Population.At(position))).ToArray();
            rows.Add(new Row
            {
                { "run", run }, { "cycle", gossip.Cycle }, { "nodes", gossip.Population.Count },
                { "complete", (double)complete / gossip.Population.Count },
                { "meanEstimate", errors.Average() }, { "unionEstimate", gossip.UnionEstimate },
                { "maxRelativeError", errors.Max(estimate => Math.Abs((estimate / nodes) - 1)) },
                { "bias", (errors.Average() / nodes) - 1 },
            });
        }

        step();
        return new SketchResult(rows, agreed, gossip.UnionEstimate);
    }

    private static IEnumerable<Claim> ClaimsOf(LabParameters parameters, Row summary)
    {
        if (parameters.Number("--crash") > 0 || parameters.Number("--link-failure") > 0
            || parameters.Whole("--nodes") < 1_000)
        {
            yield break;
        }

        var expected = ExpectedError(parameters);
        if (parameters.Whole("--runs") >= 100)
        {
            yield return Claim.Within("sketch/relative-deviation", parameters.Choice("--kind") == "hll"
                ? "Flajolet et al. 2007: 1.04/sqrt m" : "Baquero et al. 2012, Cohen 2007: 1/sqrt(K-2)",
                expected, summary.Number("rmsError"), expected / 6.4);
        }
        else
        {
            yield return Claim.AtMost("sketch/error", parameters.Choice("--kind") == "hll"
                ? "Flajolet et al. 2007: three times 1.04/sqrt m" : "three standard errors", 3 * expected,
                summary.Number("largestError"));
        }

        if (parameters.Whole("--cycles") >= 25 && parameters.Number("--loss") <= 0.2)
        {
            yield return Claim.AtMost("sketch/agreement", "target: all nodes identical, in cycles", 25,
                summary["cyclesToAgreement"] is null ? double.PositiveInfinity : summary.Number("cyclesToAgreement"));
        }
    }

    private static LineFigure[] FiguresOf(LabParameters parameters, SketchResult[] runs) =>
    [
        new LineFigure("sketch-agreement",
            $"{NameOf(parameters.Choice("--kind"))}, {WidthOf(parameters):N0} entries: "
            + $"N = {parameters.Whole("--nodes"):N0}, "
            + $"{100 * parameters.Number("--loss"):0.#} % loss each way",
            "cycle", "% of nodes (with the union), % of the size (errors)",
            [
                new Curve("nodes that hold the union of all",
                    [.. runs[0].Rows.Select(row => (row.Number("cycle"), 100 * row.Number("complete")))]),
                new Curve("largest error of 100 nodes",
                    [.. runs[0].Rows.Select(row => (row.Number("cycle"), 100 * row.Number("maxRelativeError")))]),
            ])
        { References = [new Reference("standard error of the sketch (%)", 100 * ExpectedError(parameters))] },
    ];
}
