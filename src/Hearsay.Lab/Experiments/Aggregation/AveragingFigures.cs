using System.Globalization;

namespace Hearsay.Lab.Experiments.Aggregation;

/// <summary>The variance and the errors per cycle.</summary>
internal static class AveragingFigures
{
    private const double Rounding = 1e-12;

    public static IReadOnlyList<Figure> Of(LabParameters parameters, List<Row> rows)
    {
        if (rows.Count == 0)
        {
            return [];
        }

        var start = rows[0]["factor"] is null ? rows[0].Number("variance")
            : rows[0].Number("variance") / rows[0].Number("factor");
        var cycles = Enumerable.Range(0, rows.Count + 1);
        return
        [
            new LineFigure("averaging-variance", "Variance of the estimates: " + TextOf(parameters),
                "cycle", "variance over that of the start",
                [
                    new Curve("measured",
                        [(0, 1), .. rows.Select(row => (row.Number("cycle"), row.Number("variance") / start))]),
                    new Curve("theory without faults: 1/(2√e) = 0.3033 per cycle",
                        [.. cycles.Select(cycle =>
                            ((double)cycle, Math.Pow(AveragingTheory.Factor, cycle)))]) { IsOracle = true },
                ])
            { LogVertical = true },
            new LineFigure("averaging-error", "Error of the estimates: " + TextOf(parameters),
                "cycle", "error relative to the average",
                [
                    new Curve("largest of any node", Points(rows, row => row.Number("maxRelativeError"))),
                    new Curve("of the mean (bias, without its sign); none drawn below 10⁻¹²",
                        Points(rows, row => Math.Abs(row.Number("bias")) is > Rounding and var bias ? bias : 0)),
                ])
            { LogVertical = true },
        ];
    }

    private static List<(double, double)> Points(List<Row> rows, Func<Row, double> value) =>
        [.. rows.Select(row => (row.Number("cycle"), value(row)))];

    private static string TextOf(LabParameters parameters)
    {
        var partners = parameters.Choice("--sampler") == "uniform" ? "uniform partners"
            : $"partners from views ({parameters.Choice("--preset")}, c = {parameters.Whole("--view-size")})";
        var faults = string.Concat(
            Part("loss", parameters.Number("--loss")), Part("failing links", parameters.Number("--link-failure")),
            Part("crashes per cycle", parameters.Number("--crash")),
            parameters.Whole("--retry") > 1 ? $", {parameters.Whole("--retry")} tries" : "");
        return $"{parameters.Choice("--protocol")}, N = {parameters.Whole("--nodes"):N0}, {partners}{faults}";
    }

    private static string Part(string name, double share) =>
        share > 0 ? string.Create(CultureInfo.InvariantCulture, $", {100 * share:0.##} % {name}") : "";
}
