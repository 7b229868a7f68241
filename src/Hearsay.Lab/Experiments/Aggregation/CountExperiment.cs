using System.Globalization;
using Hearsay.Lab.Contract;
using Hearsay.Protocols;
using Hearsay.Protocols.Aggregation.States;
using Hearsay.Simulation.Aggregation;

namespace Hearsay.Lab.Experiments.Aggregation;

/// <summary>COUNT: how many nodes there are, from the averages of some leaders' ones, trimmed.</summary>
internal sealed class CountExperiment : IExperiment
{
    private const ulong LeaderPurpose = 0x4C45_4144;

    private static readonly int[] s_leaders = [1, 20, 50];

    public string Name => "count";

    public string Summary => "COUNT: the network's size under loss and crashes, with 1, 20 and 50 leaders.";

    public IReadOnlyList<LabOption> Options { get; } =
    [
        LabOption.Whole("--leaders", "Instances of COUNT, of whose estimates the middle third is averaged. Default "
            + "1, 20 and 50 beside each other.", 1, 1_000, null),
        AggregationOptionSet.Loss, AggregationOptionSet.LinkFailure, AggregationOptionSet.Crash,
        AggregationOptionSet.Replace, AggregationOptionSet.Retry,
        LabOption.Whole("--epochs", "Epochs, each with new leaders and whoever waited.", 1, 100, 1),
        CommonOptions.Runs(3), CommonOptions.Nodes(20_000),
        CommonOptions.Cycles(30, "Cycles of an epoch."), LabOption.Seed, CommonOptions.Threads,
    ];

    public ExperimentResult Run(LabParameters parameters, ILabProgress progress)
    {
        var (nodes, asked) = (parameters.Whole("--nodes"), s_leaders);
        if (parameters.IsGiven("--leaders"))
        {
            asked = [parameters.Whole("--leaders")];
            if (asked[0] > nodes)
            {
                throw new LabUsageException($"--leaders must be at most --nodes = {nodes}, not {asked[0]}.");
            }
        }

        asked = [.. asked.Where(leaders => leaders <= nodes)];
        if (asked.Length > 0 && (long)nodes * asked.Max() > Array.MaxLength)
        {
            throw new LabUsageException($"--nodes {nodes} times {asked.Max()} leaders do not fit; take fewer.");
        }

        (int Leaders, int Run)[] parts =
            [.. from leaders in asked from run in Enumerable.Range(0, parameters.Whole("--runs")) select (leaders,
                run)];
        var meter = new StepMeter();
        var runs = LabWork.Map(parts, parameters, progress, (part, step) => Run(part, parameters, meter, step),
            parameters.Whole("--cycles") * parameters.Whole("--epochs"));
        var summary = new Row();
        foreach (var leaders in asked)
        {
            Summarise(summary, leaders, [.. parts.Zip(runs)
                .Where(run => run.First.Leaders == leaders && run.Second.Count > 0).Select(run => run.Second[^1])]);
        }

        summary.Add("meanFactor", AveragingTheory.MeanFactor(runs.SelectMany(rows => rows)));
        summary.Add("nodeStepsPerSecond", meter.PerSecond);
        return new ExperimentResult
        {
            Experiment = Name,
            Parameters = parameters.ToRow(),
            Summary = summary,
            Results = [.. runs.SelectMany(rows => rows)],
            Claims = [.. CountClaims.Of(parameters, asked, summary, runs)],
            Figures = CountFigures.Of(parameters, asked, runs),
        };
    }

    /// <summary>Of the last cycle, over the runs in which every node has an estimate.</summary>
    private static void Summarise(Row summary, int leaders, Row[] last)
    {
        var known = last.Where(row => row.Number("without") == 0).ToArray();
        summary.Add($"runsWithoutEstimate{leaders}", last.Length - known.Length);
        summary.Add($"largestError{leaders}",
            known.Length > 0 ? known.Max(row => row.Number("maxRelativeError")) : null);
        summary.Add($"spread{leaders}", known.Length > 0 ? known.Average(
            row => (row.Number("greatest") - row.Number("least")) / row.Number("sizeAtStart")) : null);
        summary.Add($"rmsError{leaders}", known.Length > 0
            ? Math.Sqrt(known.Average(row => row.Number("bias") * row.Number("bias"))) : null);
    }

    /// <summary>The largest error of any node; infinite if a node has no estimate.</summary>
    internal static double Error(Row row) => row.Number("without") > 0
        ? double.PositiveInfinity : row.Number("maxRelativeError");

    private static List<Row> Run(
        (int Leaders, int Run) part, LabParameters parameters, StepMeter meter, Action step)
    {
        var (nodes, seed) = (parameters.Whole("--nodes"), parameters.Seed + (ulong)part.Run);
        var faults = AggregationOptionSet.FaultsOf(parameters) with
        {
            Replace = parameters.Choice("--replace") == "on",
        };
        var averaging = new AveragingRun(new double[nodes * part.Leaders], part.Leaders, faults, seed);
        var (rows, scratch) = (new List<Row>(), new double[part.Leaders]);
        for (var epoch = 1; epoch <= parameters.Whole("--epochs"); epoch++)
        {
            var size = StartEpoch(averaging, part.Leaders, seed, epoch);
            var before = averaging.Measure(1.0 / size).Variance;
            for (var cycle = 1; cycle <= parameters.Whole("--cycles"); cycle++)
            {
                meter.Time(averaging.Population.Count, averaging.Step);
                var spread = EstimateSpread.Of(
                    averaging.Population, size, node => EstimateOf(averaging, node, scratch));
                var ofOne = averaging.Measure(1.0 / size).Variance;
                rows.Add(RowOf(part, epoch, cycle, averaging, spread, (ofOne, before)));
                before = ofOne;
                step();
            }
        }

        return rows;
    }

    /// <summary>Everybody takes part from zero, and some nodes lead an instance each.</summary>
    private static int StartEpoch(AveragingRun averaging, int leaders, ulong seed, int epoch)
    {
        averaging.Population.Admit();
        Array.Clear(averaging.Values);
        var random = SeededRandom.For(seed, 0, (ulong)epoch, LeaderPurpose);
        var chosen = new HashSet<int>();
        while (chosen.Count < Math.Min(leaders, averaging.Population.Count))
        {
            var leader = averaging.Population.At(random.Below(averaging.Population.Count));
            if (chosen.Add(leader))
            {
                averaging.Values[(leader * leaders) + chosen.Count - 1] = 1;
            }
        }

        return averaging.Population.Count;
    }

    /// <summary>Variance and factor are those of the first leader's ones, which are averaged.</summary>
    private static Row RowOf(
        (int Leaders, int Run) part, int epoch, int cycle, AveragingRun averaging, EstimateSpread spread,
        (double Now, double Before) ofOne) => new()
    {
        { "leaders", part.Leaders }, { "run", part.Run }, { "epoch", epoch }, { "cycle", cycle },
        { "sizeAtStart", (int)spread.Truth }, { "nodes", averaging.Population.Count - averaging.Population.Waiting },
        { "without", averaging.Population.Count - averaging.Population.Waiting - spread.Nodes },
        { "mean", OrNone(spread.Mean) }, { "least", OrNone(spread.Least) },
        { "greatest", OrNone(spread.Greatest) }, { "variance", ofOne.Now },
        { "factor", OrNone(ofOne.Now / ofOne.Before) }, { "maxRelativeError", OrNone(spread.MaximumRelativeError) },
        { "bias", OrNone(spread.Bias) },
    };

    private static double? OrNone(double value) => double.IsFinite(value) ? value : null;

    /// <summary>One estimate of every instance a node has heard of; of them the trimmed mean.</summary>
    private static double EstimateOf(AveragingRun averaging, int node, double[] scratch)
    {
        var known = 0;
        foreach (var share in averaging.Values.AsSpan(node * averaging.Width, averaging.Width))
        {
            if (share > 0)
            {
                scratch[known++] = 1 / share;
            }
        }

        return known == 0 ? double.NaN : AveragingKernel.TrimmedMean(scratch.AsSpan(0, known));
    }
}
