using System.Globalization;
using Hearsay.Protocols.Aggregation.Sketches;
using Hearsay.Simulation.Aggregation;

namespace Hearsay.Lab.Experiments.Aggregation;

/// <summary>The averaged histogram of <see cref="QuantileExperiment"/>.</summary>
internal static class QuantileSketch
{
    private const int Buckets = 2_048;
    private const double Least = 1e-6;

    public static List<Row> Run(
        LabParameters parameters, ILabProgress progress, StepMeter meter, double[] values, double[] sorted,
        double[] quantiles)
    {
        var layout = new DDSketch(parameters.Number("--accuracy"), Buckets, Least, signed: false);
        var (first, last) = (layout.IndexOf(sorted[0]), layout.IndexOf(sorted[^1]));

        // The sparse vector: buckets nobody has stay 0 under averaging, so only the others are kept.
        var width = last - first + 1;
        if ((long)width * values.Length > Array.MaxLength)
        {
            throw new LabUsageException($"--nodes {values.Length} times {width} buckets do not fit; take fewer nodes.");
        }

        var vectors = new double[values.Length * width];
        for (var node = 0; node < values.Length; node++)
        {
            vectors[(node * width) + layout.IndexOf(values[node]) - first] = 1;
        }

        var averaging = new AveragingRun(vectors, width,
            new GossipFaults { Loss = parameters.Number("--loss"), Tries = parameters.Whole("--retry") },
            parameters.Seed);
        parameters.Settle("--threads", 1);
        while (averaging.Cycle < parameters.Whole("--cycles"))
        {
            meter.Time(values.Length, averaging.Step);
            progress.Report((double)averaging.Cycle / parameters.Whole("--cycles"));
        }

        return Judge(averaging, layout, first, sorted, quantiles);
    }

    public static IEnumerable<Claim> ClaimsOf(LabParameters parameters, List<Row> rows) =>
        parameters.Number("--accuracy") != 0.01 || parameters.Whole("--nodes") < 100_000
        || parameters.Choice("--values") != "lognormal" || parameters.Number("--loss") > 0
        || parameters.Whole("--cycles") < 30
            ? []
            : rows.Select(row => Claim.AtMost("quantile/ddsketch-" + Claim.Text(row.Number("quantile")),
                "Masson, Rim, Lee 2019: relative error of alpha, with what averaging leaves", 0.0105,
                row.Number("largestError")));

    public static LineFigure[] FiguresOf(LabParameters parameters, List<Row> rows) =>
    [
        new LineFigure("quantile-ddsketch", string.Create(CultureInfo.InvariantCulture,
            $"Averaged DDSketch: N = {parameters.Whole("--nodes"):N0}, {parameters.Choice("--values")} values, ")
            + string.Create(CultureInfo.InvariantCulture, $"{parameters.Whole("--cycles")} cycles"),
            "quantile", "largest error of any node relative to the true value (%)",
            [new Curve("measured",
                [.. rows.Select(row => (row.Number("quantile"), 100 * row.Number("largestError")))])])
        {
            References = [new Reference("the sketch's accuracy", 100 * parameters.Number("--accuracy"))],
        },
    ];

    private static List<Row> Judge(
        AveragingRun averaging, DDSketch layout, int first, double[] sorted, double[] quantiles)
    {
        var (full, width) = (new double[layout.Length], averaging.Width);
        var (least, greatest) = (new double[quantiles.Length], new double[quantiles.Length]);
        Array.Fill(least, double.PositiveInfinity);
        Array.Fill(greatest, double.NegativeInfinity);
        for (var node = 0; node < sorted.Length; node++)
        {
            averaging.Values.AsSpan(node * width, width).CopyTo(full.AsSpan(first));
            for (var i = 0; i < quantiles.Length; i++)
            {
                var value = layout.Quantile(full, quantiles[i]);
                (least[i], greatest[i]) = (Math.Min(least[i], value), Math.Max(greatest[i], value));
            }
        }

        return [.. quantiles.Select((quantile, index) =>
        {
            var truth = sorted[Math.Clamp((int)Math.Ceiling(quantile * sorted.Length) - 1, 0, sorted.Length - 1)];
            return new Row
            {
                { "quantile", quantile }, { "truth", truth }, { "least", least[index] },
                { "greatest", greatest[index] }, { "buckets", width },
                {
                    "largestError",
                    Math.Max(Math.Abs(least[index] - truth), Math.Abs(greatest[index] - truth)) / Math.Abs(truth)
                },
            };
        })];
    }
}
