using System.Globalization;
using Hearsay.Protocols.Aggregation.Sketches;
using Hearsay.Simulation.Aggregation;

namespace Hearsay.Lab.Experiments.Aggregation;

/// <summary>The averaged points of the distribution of <see cref="QuantileExperiment"/>.</summary>
internal static class QuantilePoints
{
    private const int Judged = 200;

    public static List<Row> Run(
        LabParameters parameters, ILabProgress progress, StepMeter meter, double[] values, double[] sorted,
        double[] quantiles)
    {
        var (width, epochs) = (parameters.Whole("--points"), parameters.Whole("--epochs"));
        if ((long)width * values.Length > Array.MaxLength)
        {
            throw new LabUsageException($"--nodes {values.Length} times {width} points do not fit; take fewer.");
        }

        parameters.Settle("--threads", 1);
        var (points, rows) = (new double[width], new List<Row>());
        CdfPoints.Spread(sorted[0], sorted[^1], points);
        for (var epoch = 1; epoch <= epochs; epoch++)
        {
            var averaging = Average(parameters, meter, values, points, epoch, progress);
            rows.AddRange(quantiles.Select(quantile => RowOf(averaging, points, epoch, quantile, sorted)));

            // All nodes agree to many digits, so all refine alike; the first node stands for them.
            var next = new double[width];
            CdfPoints.Refine(points, averaging.Values.AsSpan(0, width), sorted[0], sorted[^1], next);
            points = next;
        }

        return rows;
    }

    public static LineFigure[] FiguresOf(LabParameters parameters, List<Row> rows) =>
    [
        new LineFigure("quantile-cdf", string.Create(CultureInfo.InvariantCulture,
            $"Averaged points of the distribution: N = {parameters.Whole("--nodes"):N0}, ")
            + $"{parameters.Whole("--points")} points, {parameters.Choice("--values")} values",
            "epoch (points are refined after each)", "largest error of the rank",
            [.. rows.GroupBy(row => row.Number("quantile")).Select(group => new Curve(
                string.Create(CultureInfo.InvariantCulture, $"quantile {group.Key}"),
                [.. group.Select(row => (row.Number("epoch"), row.Number("largestError")))]))])
        { LogVertical = true },
    ];

    private static AveragingRun Average(
        LabParameters parameters, StepMeter meter, double[] values, double[] points, int epoch,
        ILabProgress progress)
    {
        var vectors = new double[values.Length * points.Length];
        for (var node = 0; node < values.Length; node++)
        {
            CdfPoints.Indicate(values[node], points, vectors.AsSpan(node * points.Length, points.Length));
        }

        var averaging = new AveragingRun(vectors, points.Length,
            new GossipFaults { Loss = parameters.Number("--loss"), Tries = parameters.Whole("--retry") },
            parameters.Seed + (ulong)epoch);
        var (cycles, epochs) = (parameters.Whole("--cycles"), parameters.Whole("--epochs"));
        while (averaging.Cycle < cycles)
        {
            meter.Time(values.Length, averaging.Step);
            progress.Report(((epoch - 1) + ((double)averaging.Cycle / cycles)) / epochs);
        }

        return averaging;
    }

    private static Row RowOf(
        AveragingRun averaging, double[] points, int epoch, double quantile, double[] sorted)
    {
        var errors = Enumerable.Range(0, Math.Min(Judged, sorted.Length)).Select(node =>
        {
            var shares = averaging.Values.AsSpan(node * points.Length, points.Length);
            return QuantileExperiment.RankError(
                sorted, CdfPoints.Quantile(points, shares, sorted[0], sorted[^1], quantile), quantile);
        }).ToArray();
        return new Row
        {
            { "epoch", epoch }, { "quantile", quantile }, { "largestError", errors.Max() },
            { "meanError", errors.Average() },
        };
    }
}
