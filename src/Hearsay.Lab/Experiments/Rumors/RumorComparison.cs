namespace Hearsay.Lab.Experiments.Rumors;

/// <summary>All ways to spread and to lose interest, for k = 1 to 5, side by side.</summary>
internal static class RumorComparison
{
    private const int LargestK = 5;
    private const int LastDrawnCycle = 25;
    private const int FewTrials = 1_000;

    public static ExperimentResult Run(IExperiment experiment, LabParameters parameters, ILabProgress progress)
    {
        var (rows, claims, curves) = (new List<Row>(), new List<Claim>(), new List<Curve>());
        var variants = RumorVariant.All.Where(variant => variant.IsDemers).ToArray();
        foreach (var (index, variant) in variants.Index())
        {
            var options = RumorExperiment.Settle(parameters, variant, FewTrials);
            var (first, last) = KOf(parameters);
            for (var k = first; k <= last; k++)
            {
                var trials = RumorTrials.Run(
                    options with { K = k }, parameters.Whole("--nodes"), parameters.Whole("--trials"),
                    parameters.Number("--loss"), parameters, NoProgress.Instance);
                rows.Add(RowOf(variant, k, trials));
                claims.AddRange(ClaimsOf(parameters, variant, k, trials));
                if (k == first && variant.Name.EndsWith("feedback-counter", StringComparison.Ordinal))
                {
                    curves.Add(RumorFigures.KnownOf(RumorFigures.LabelOf(variant.Name), trials, LastDrawnCycle));
                }
            }

            progress.Report((index + 1.0) / variants.Length);
        }

        return new ExperimentResult
        {
            Experiment = experiment.Name,
            Parameters = parameters.ToRow(),
            Summary = new Row
            {
                { "runs", rows.Count }, { "leastResidue", rows.Min(row => row.Number("residue")) },
                { "leastTraffic", rows.Min(row => row.Number("traffic")) },
            },
            Results = rows,
            Claims = claims,
            Figures = RumorFigures.OfAll(parameters, rows, curves),
        };
    }

    private static (int First, int Last) KOf(LabParameters parameters) => parameters.IsGiven("--k")
        ? (parameters.Whole("--k"), parameters.Whole("--k")) : (1, LargestK);

    private static Row RowOf(RumorVariant variant, int k, RumorTrials trials) => new()
    {
        { "variant", variant.Name }, { "k", k }, { "residue", trials.Residue }, { "traffic", trials.Traffic },
        { "tAverage", trials.AverageCycle }, { "tLast", trials.LastCycle }, { "requests", trials.Requests },
    };

    /// <summary>Few trials are enough for the law, whose both sides come from them, but not for the tables.</summary>
    private static IEnumerable<Claim> ClaimsOf(
        LabParameters parameters, RumorVariant variant, int k, RumorTrials trials) =>
        parameters.Whole("--nodes") < 1_000 || parameters.Whole("--trials") < 50 || parameters.Number("--loss") > 0
            || parameters.Whole("--fanout") > 1 || parameters.Whole("--connection-limit") > 0
            ? [] : RumorClaims.OfLaw(variant, k, parameters.Whole("--nodes"), trials);
}
