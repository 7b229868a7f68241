namespace Hearsay.Lab.Experiments.Aggregation;

/// <summary>What is expected of a run of averaging; nothing where nothing is known for its parameters.</summary>
internal static class AveragingClaims
{
    private const int LargeNetwork = 100_000;

    public static IEnumerable<Claim> Of(LabParameters parameters, Row summary, List<Row> rows)
    {
        if (parameters.Whole("--cycles") < 30 || parameters.Number("--crash") > 0
            || parameters.Choice("--values") != "uniform" || parameters.Choice("--protocol") != "push-pull")
        {
            return [];
        }

        return (parameters.Number("--loss"), parameters.Number("--link-failure")) switch
        {
            (0, 0) => parameters.Choice("--sampler") == "view"
                ? WithViews(parameters, summary, rows) : Sound(parameters, summary, rows),
            (0.2, 0) when parameters.Choice("--sampler") == "uniform" => Lossy(parameters, summary, rows),
            (0, > 0) => Failing(parameters, summary),
            _ => [],
        };
    }

    private static IEnumerable<Claim> Sound(LabParameters parameters, Row summary, List<Row> rows)
    {
        if (parameters.Whole("--nodes") < LargeNetwork)
        {
            yield break;
        }

        yield return Claim.Between("averaging/factor", AveragingTheory.Source + ": 1/(2 sqrt e) = 0.3033", 0.295, 0.312,
            summary.Number("meanFactor"));
        yield return Claim.AtMost("averaging/mass", "conservation of mass", 1e-9, summary.Number("massError"));
        yield return Claim.AtMost("averaging/error-20", AveragingTheory.Source + ", simulation at N = 10^5", 1e-4,
            ErrorAt(rows, 20));
        yield return Claim.AtMost("averaging/error-30", AveragingTheory.Source + ", simulation at N = 10^5", 1e-6,
            ErrorAt(rows, 30));
    }

    private static IEnumerable<Claim> WithViews(LabParameters parameters, Row summary, List<Row> rows)
    {
        if (parameters.Whole("--nodes") < LargeNetwork || parameters.Whole("--view-size") < 30)
        {
            yield break;
        }

        yield return Claim.AtMost("averaging/view-factor", "target: near the uniform sampler's 0.3033", 0.33,
            summary.Number("meanFactor"));
        yield return Claim.AtMost("averaging/view-error-30", "target", 1e-5, ErrorAt(rows, 30));
    }

    private static IEnumerable<Claim> Lossy(LabParameters parameters, Row summary, List<Row> rows)
    {
        var (nodes, tries) = (parameters.Whole("--nodes"), parameters.Whole("--retry"));
        var enough = nodes == 10_000 && parameters.Whole("--runs") >= 50;
        if (tries == 1)
        {
            yield return Claim.AtMost("averaging/loss-20-factor", "simulation: 0.46 at 20 % loss each way", 0.48,
                summary.Number("meanFactor"));
            if (nodes >= LargeNetwork)
            {
                yield return Claim.AtMost("averaging/loss-20-error", "simulation at N = 10^5", 0.003,
                    ErrorAt(rows, 30));
            }

            if (enough)
            {
                yield return Claim.Between("averaging/loss-20-bias", "0.31 CV/sqrt N, fitted: 0.178 %", 0.0012, 0.0024,
                    summary.Number("rmsBias"));
            }
        }
        else if (tries == 3)
        {
            yield return Claim.AtMost("averaging/retry-3-factor", "simulation: 0.320 with three tries", 0.33,
                summary.Number("meanFactor"));
            if (enough)
            {
                yield return Claim.AtMost("averaging/retry-3-bias", "simulation: 0.080 % with three tries", 0.0011,
                    summary.Number("rmsBias"));
            }
        }
    }

    private static IEnumerable<Claim> Failing(LabParameters parameters, Row summary)
    {
        var failing = parameters.Number("--link-failure");
        if (parameters.Whole("--nodes") < 10_000 || parameters.Choice("--sampler") != "uniform")
        {
            yield break;
        }

        yield return Claim.Near(
            string.Create(System.Globalization.CultureInfo.InvariantCulture, $"averaging/link-failure-{failing}"),
            AveragingTheory.Source + ": (1+P)/2 e^(-(1-P)/2)", AveragingTheory.FactorUnderLinkFailure(failing),
            summary.Number("meanFactor"), 0.02);
        yield return Claim.AtMost("averaging/link-failure-mass", "both sides fail: no bias", 1e-9,
            summary.Number("massError"));
    }

    private static double ErrorAt(List<Row> rows, int cycle) =>
        rows.First(row => row.Number("cycle") == cycle).Number("maxRelativeError");
}
