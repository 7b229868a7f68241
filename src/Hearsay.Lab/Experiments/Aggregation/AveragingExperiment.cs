using Hearsay.Lab.Contract;
using Hearsay.Lab.Engines;
using Hearsay.Simulation.Aggregation;

namespace Hearsay.Lab.Experiments.Aggregation;

/// <summary>Push-pull averaging: how fast the variance falls, and what faults leave behind.</summary>
internal sealed class AveragingExperiment : IExperiment
{
    public string Name => "averaging";

    public string Summary => "Push-pull averaging: variance per cycle against 1/(2 sqrt e), bias under faults.";

    public IReadOnlyList<LabOption> Options { get; } =
    [
        LabOption.Choice("--protocol", "push-pull averaging, or push-sum, which gets no answers.", "push-pull",
            "push-pull", "push-sum"),
        AggregationOptionSet.Loss, AggregationOptionSet.LinkFailure, AggregationOptionSet.Crash,
        AggregationOptionSet.Retry, AggregationOptionSet.Sampler, AggregationOptionSet.Preset,
        AggregationOptionSet.ViewSize, AggregationOptionSet.Values, CommonOptions.Runs(1),
        CommonOptions.Nodes(10_000), AggregationOptionSet.Cycles, LabOption.Seed, CommonOptions.Threads,
    ];

    public ExperimentResult Run(LabParameters parameters, ILabProgress progress)
    {
        Check(parameters);
        var meter = new StepMeter();
        var runs = LabWork.Map([.. Enumerable.Range(0, parameters.Whole("--runs"))], parameters, progress,
            (run, step) => Run(run, parameters, meter, step), parameters.Whole("--cycles"));
        var first = runs[0];
        var summary = new Row
        {
            { "meanFactor", AveragingTheory.MeanFactor(runs.SelectMany(run => run.Rows)) },
            { "rmsBias", Math.Sqrt(runs.Average(run => Square(run.Rows.Count > 0 ? run.Rows[^1].Number("bias") : 0))) },
            { "maxRelativeError", runs.Max(run => run.Rows.Count > 0 ? run.Rows[^1].Number("maxRelativeError") : 0) },
            { "massError", runs.Max(run => run.MassError) },
            { "valueVariation", first.Variation },
            { "nodeSteps", runs.Sum(run => run.NodeSteps) },
            { "nodeStepsPerSecond", meter.PerSecond },
        };
        return new ExperimentResult
        {
            Experiment = Name,
            Parameters = parameters.ToRow(),
            Summary = summary,
            Results = [.. runs.SelectMany(run => run.Rows)],
            Claims = [.. AveragingClaims.Of(parameters, summary, first.Rows)],
            Figures = AveragingFigures.Of(parameters, first.Rows),
        };
    }

    private static double Square(double value) => value * value;

    private static void Check(LabParameters parameters)
    {
        CornerPresets.RequireEven(parameters.Whole("--view-size"));
        var pushSum = parameters.Choice("--protocol") == "push-sum";
        if (pushSum && (parameters.Number("--link-failure") > 0 || parameters.Number("--crash") > 0
            || parameters.Whole("--retry") > 1 || parameters.Choice("--sampler") == "view"))
        {
            throw new LabUsageException("--protocol push-sum takes --loss only, and --sampler uniform.");
        }
    }

    private static AveragingResult Run(int run, LabParameters parameters, StepMeter meter, Action step)
    {
        var (nodes, seed) = (parameters.Whole("--nodes"), parameters.Seed + (ulong)run);
        var values = StartValues.Of(parameters.Choice("--values"), nodes, seed);
        var (truth, variation) = (values.Average(), StartValues.VariationOf(values));
        using var overlay = parameters.Choice("--sampler") == "view" ? OverlayOf(parameters, seed) : null;
        var averaging = new AveragingRun(values, 1, AggregationOptionSet.FaultsOf(parameters), seed, overlay);
        var pushSum = parameters.Choice("--protocol") == "push-sum"
            ? new PushSumRun((double[])values.Clone(), parameters.Number("--loss"), seed) : null;
        var (rows, before) = (new List<Row>(), averaging.Measure(truth).Variance);
        for (var cycle = 1; cycle <= parameters.Whole("--cycles"); cycle++)
        {
            var (start, steps) = (ThreadCpu.Seconds, pushSum?.NodeSteps ?? averaging.NodeSteps);
            if (pushSum is null)
            {
                averaging.Step();
            }
            else
            {
                pushSum.Step();
            }

            meter.Note((pushSum?.NodeSteps ?? averaging.NodeSteps) - steps, ThreadCpu.Seconds - start);
            var spread = pushSum?.Measure(truth) ?? averaging.Measure(truth);
            rows.Add(RowOf(run, cycle, spread, before));
            before = spread.Variance;
            step();
        }

        var mass = Math.Abs((averaging.Values.Sum() / nodes / truth) - 1);
        return new AveragingResult(rows, pushSum is null ? mass : 0, variation,
            pushSum?.NodeSteps ?? averaging.NodeSteps);
    }

    private static BulkEngine OverlayOf(LabParameters parameters, ulong seed)
    {
        var sampling = ProtocolSetup.Named(parameters.Choice("--preset")).WithViewSize(parameters.Whole("--view-size"));
        return new BulkEngine(
            new CycleOptions { Rules = sampling.ToRules(), Seed = seed }, parameters.Whole("--nodes"), threads: 1);
    }

    private static Row RowOf(int run, int cycle, EstimateSpread spread, double before) => new()
    {
        { "run", run }, { "cycle", cycle }, { "nodes", spread.Nodes }, { "mean", spread.Mean },
        { "variance", spread.Variance }, { "factor", before > 0 ? spread.Variance / before : null },
        { "maxRelativeError", spread.MaximumRelativeError }, { "bias", spread.Bias },
    };
}
