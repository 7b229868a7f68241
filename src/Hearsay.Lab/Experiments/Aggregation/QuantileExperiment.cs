using Hearsay.Lab.Contract;

namespace Hearsay.Lab.Experiments.Aggregation;

/// <summary>
/// Quantiles of all values at every node: by a tournament, a histogram or points of the distribution.
/// </summary>
internal sealed class QuantileExperiment : IExperiment
{
    public string Name => "quantile";

    public string Summary => "Quantiles by tournament, averaged DDSketch or averaged points of the distribution.";

    public IReadOnlyList<LabOption> Options { get; } =
    [
        LabOption.Choice("--method", "tournament: of pulled values; ddsketch: averaged buckets; cdf: averaged points.",
            "tournament", "tournament", "ddsketch", "cdf"),
        LabOption.Number("--quantile", "From 0 to 1. Default 0.5, 0.9 and 0.99; ddsketch 0.999 too.", 0, 1, null),
        LabOption.Number("--error", "Wanted error of the rank, of a tournament.", 0.0001, 0.49, 0.01),
        LabOption.Number("--accuracy", "Relative error of a value, of a ddsketch.", 0.001, 0.5, 0.01),
        LabOption.Whole("--points", "Points of the distribution, of cdf.", 2, 1_000, 40),
        LabOption.Whole("--epochs", "Epochs of cdf, each with better points.", 1, 20, 4),
        LabOption.Choice("--values", "What the nodes have: lognormal, uniform in [0, 1), or peak.", "lognormal",
            "uniform", "peak", "lognormal"),
        AggregationOptionSet.Loss, AggregationOptionSet.Retry, CommonOptions.Nodes(100_000),
        CommonOptions.Cycles(30, "Cycles of an epoch, of ddsketch and cdf."), LabOption.Seed, CommonOptions.Threads,
    ];

    public ExperimentResult Run(LabParameters parameters, ILabProgress progress)
    {
        var values = StartValues.Of(parameters.Choice("--values"), parameters.Whole("--nodes"), parameters.Seed);
        var sorted = (double[])values.Clone();
        Array.Sort(sorted);
        var method = parameters.Choice("--method");
        double[] quantiles = parameters.IsGiven("--quantile") ? [parameters.Number("--quantile")]
            : method == "ddsketch" ? [0.5, 0.9, 0.99, 0.999] : [0.5, 0.9, 0.99];
        var meter = new StepMeter();
        var rows = method switch
        {
            "tournament" => QuantileTournament.Run(parameters, progress, meter, values, sorted, quantiles),
            "ddsketch" => QuantileSketch.Run(parameters, progress, meter, values, sorted, quantiles),
            _ => QuantilePoints.Run(parameters, progress, meter, values, sorted, quantiles),
        };
        return new ExperimentResult
        {
            Experiment = Name,
            Parameters = parameters.ToRow(),
            Summary = new Row
            {
                {
                    "largestError",
                    rows.GroupBy(row => row.Number("quantile")).Max(group => group.Last().Number("largestError"))
                },
                { "nodeStepsPerSecond", meter.PerSecond },
            },
            Results = rows,
            Claims = method switch
            {
                "tournament" => [.. QuantileTournament.ClaimsOf(parameters, rows)],
                "ddsketch" => [.. QuantileSketch.ClaimsOf(parameters, rows)],
                _ => [],
            },
            Figures = method switch
            {
                "tournament" => QuantileTournament.FiguresOf(parameters, rows),
                "ddsketch" => QuantileSketch.FiguresOf(parameters, rows),
                _ => QuantilePoints.FiguresOf(parameters, rows),
            },
        };
    }

    /// <summary>How far the rank of a value is from the one wanted; 0 if its ties span that.</summary>
    public static double RankError(double[] sorted, double value, double quantile)
    {
        var below = Lower(sorted, value) / (double)sorted.Length;
        var upTo = Lower(sorted, Math.BitIncrement(value)) / (double)sorted.Length;
        return quantile < below ? below - quantile : quantile > upTo ? quantile - upTo : 0;
    }

    /// <summary>How many values are smaller.</summary>
    private static int Lower(double[] sorted, double value)
    {
        var (low, high) = (0, sorted.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = sorted[middle] < value ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
