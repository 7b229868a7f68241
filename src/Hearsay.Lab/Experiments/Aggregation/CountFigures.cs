using System.Globalization;

namespace Hearsay.Lab.Experiments.Aggregation;

/// <summary>The estimated size per cycle, of the worst nodes.</summary>
internal static class CountFigures
{
    /// <summary>Before this cycle most nodes have no estimate that is worth drawing.</summary>
    private const int FirstCycle = 10;

    public static IReadOnlyList<Figure> Of(LabParameters parameters, int[] asked, List<Row>[] runs)
    {
        var rows = runs.SelectMany(run => run).Where(row => row.Number("cycle") >= FirstCycle).ToArray();
        var where = TextOf(parameters);
        Curve[] estimates =
        [
            .. from leaders in asked
               from way in new[] { ("lowest", false), ("highest", true) }
               select new Curve($"{LeadersText(leaders)}, {way.Item1} run", Series(parameters, rows, leaders,
                   values => Extreme(values, way.Item2))),
        ];
        return
        [
            new LineFigure("count-error", $"Counting nodes (COUNT), {parameters.Whole("--runs")} runs: {where}",
                "cycle", "error of the worst node, rms over runs (%)",
                [.. asked.Select(leaders => new Curve(LeadersText(leaders), Series(parameters, rows, leaders,
                    values => 100 * Math.Sqrt(values.Average(row => Math.Pow(ErrorOf(row), 2))))))])
            { LogVertical = true },
            new LineFigure("count-estimate",
                $"Counting nodes (COUNT), estimates of {parameters.Whole("--runs")} runs: {where}",
                "cycle", "mean estimate over the size at epoch start", estimates)
            {
                // Lone leaders may be wrong by tens of times, many are not.
                LogVertical = asked.Contains(1),
                References = [new Reference("the size at the start of the epoch", 1)],
            },
        ];
    }

    /// <summary>A run without an estimate is wrong by all.</summary>
    private static double ErrorOf(Row row) => row["mean"] is null ? 1 : row.Number("maxRelativeError");

    private static double Extreme(IEnumerable<Row> rows, bool highest)
    {
        // A leader that crashed before it met anybody leaves no estimate: that run counts as 0.
        var means = rows.Select(row => row["mean"] is null ? 0 : row.Number("mean") / row.Number("sizeAtStart"))
            .ToArray();
        return highest ? means.Max() : means.Min();
    }

    private static List<(double, double)> Series(
        LabParameters parameters, Row[] rows, int leaders, Func<IEnumerable<Row>, double> value) =>
        [.. rows.Where(row => row.Number("leaders") == leaders)
            .GroupBy(row => ((row.Number("epoch") - 1) * parameters.Whole("--cycles")) + row.Number("cycle"))
            .Select(cycle => (cycle.Key, value(cycle)))
            .SelectMany((point, index) => index > 0 && IsFirst(point.Key, parameters)
                ? new[] { (point.Key - 0.5, double.NaN), point } : [point])];

    /// <summary>An epoch begins anew: no line leads there from the one before.</summary>
    private static bool IsFirst(double cycle, LabParameters parameters) =>
        (cycle - FirstCycle) % parameters.Whole("--cycles") == 0;

    private static string LeadersText(int leaders) => leaders == 1 ? "1 leader" : $"{leaders} leaders";

    private static string TextOf(LabParameters parameters)
    {
        var text = $"N = {parameters.Whole("--nodes"):N0}";
        text += Part("loss each way", parameters.Number("--loss")) + Part("crash per cycle",
            parameters.Number("--crash"))
            + Part("failing links", parameters.Number("--link-failure"));
        return parameters.Choice("--replace") == "on" ? text + " and are replaced" : text;
    }

    private static string Part(string name, double share) =>
        share > 0 ? string.Create(CultureInfo.InvariantCulture, $", {100 * share:0.##} % {name}") : "";
}
