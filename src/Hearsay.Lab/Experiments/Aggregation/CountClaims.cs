namespace Hearsay.Lab.Experiments.Aggregation;

/// <summary>What is expected of COUNT; nothing where nothing is known for the parameters.</summary>
internal static class CountClaims
{
    private const string Trimmed = "trimmed mean of 20 instances, simulation at N = 20,000";

    public static IEnumerable<Claim> Of(
        LabParameters parameters, int[] asked, Row summary, List<Row>[] runs)
    {
        if (parameters.Whole("--cycles") != 30 || parameters.Number("--link-failure") > 0
            || parameters.Whole("--retry") > 1)
        {
            return [];
        }

        return (parameters.Number("--loss"), parameters.Number("--crash")) switch
        {
            (0, 0) when parameters.Whole("--nodes") >= 100_000 && asked.Contains(1) => Sound(runs),
            (0.2, 0) when parameters.Whole("--nodes") >= 20_000 => Lossy(asked, summary),
            (0, 0.01) when parameters.Whole("--nodes") >= 20_000 && parameters.Choice("--replace") == "on"
                && asked.Contains(20) => Replaced(parameters, runs),
            _ => [],
        };
    }

    private static IEnumerable<Claim> Sound(List<Row>[] runs)
    {
        var one = runs.SelectMany(rows => rows).Where(row => row.Number("leaders") == 1).ToArray();
        yield return Claim.AtMost("count/error-25", "one leader, simulation at N = 10^5: 0.11 %", 0.005,
            Largest(one, 25));
        yield return Claim.AtMost("count/error-30", "one leader, simulation at N = 10^5: 0.005 %", 0.0002,
            Largest(one, 30));
    }

    private static IEnumerable<Claim> Lossy(int[] asked, Row summary)
    {
        if (!asked.Contains(20))
        {
            yield break;
        }

        yield return Claim.AtMost("count/loss-20-trimmed", Trimmed, 0.12,
            summary.Number("runsWithoutEstimate20") > 0 ? double.PositiveInfinity : summary.Number("largestError20"));
        if (asked.Contains(50) && asked.Contains(1))
        {
            yield return Claim.AtMost("count/loss-20-50-over-20-leaders", "more instances, a smaller error", 1,
                summary.Number("rmsError50") / summary.Number("rmsError20"));
            yield return Claim.AtMost("count/loss-20-20-over-1-leaders", "more instances, a smaller error", 1,
                summary.Number("rmsError20") / summary.Number("rmsError1"));
        }
    }

    private static IEnumerable<Claim> Replaced(LabParameters parameters, List<Row>[] runs)
    {
        for (var epoch = 1; epoch <= Math.Min(2, parameters.Whole("--epochs")); epoch++)
        {
            var rows = runs.SelectMany(run => run).Where(
                row => row.Number("leaders") == 20 && row.Number("epoch") == epoch).ToArray();
            yield return Claim.AtMost(
                $"count/crash-1-replaced-epoch-{epoch}", Trimmed + ", 1 % crashes per cycle", 0.06, Largest(rows, 30));
        }
    }

    private static double Largest(Row[] rows, int cycle) =>
        rows.Where(row => row.Number("cycle") == cycle).Max(CountExperiment.Error);
}
