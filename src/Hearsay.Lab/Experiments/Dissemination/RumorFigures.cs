namespace Hearsay.Lab;

/// <summary>S-curves of infection, and residue over traffic with Demers' law drawn in.</summary>
internal static class RumorFigures
{
    private const int MostPoints = 300;
    private const int MostCycles = 60;

    /// <summary>The curve of those who know, by cycle.</summary>
    public static Curve KnownOf(string label, RumorTrials trials) =>
        CurveOf(label, trials, trials.KnownAfter);

    /// <summary>The figures of one variant.</summary>
    public static IReadOnlyList<Figure> OfOne(LabParameters parameters, RumorOptions options, RumorTrials trials)
    {
        var what = $"{parameters.Choice("--variant")}, k = {options.K}, fanout {options.Fanout}: "
            + $"N = {parameters.Whole("--nodes"):N0}, mean of {trials.Outcomes.Count:N0} trials";
        return
        [
            new LineFigure("rumor-s-curve", what, "cycle", "share of the nodes (0 to 1)",
                [
                    KnownOf("know the rumor", trials), CurveOf("spread it", trials, trials.HotAfter),
                ])
            {
                References = [new Reference("everybody (1)", 1)],
            },
            Residues("rumor-residue", $"Who is left out, by trial: {what}", parameters,
                [
                    new Curve("one trial",
                        [.. trials.Outcomes.Take(MostPoints).Select(trial => (trial.Traffic, trial.Residue))])
                    {
                        IsOracle = true,
                    },
                ]),
        ];
    }

    /// <summary>The figures that compare variants.</summary>
    public static IReadOnlyList<Figure> OfAll(
        LabParameters parameters, IReadOnlyList<Row> rows, IReadOnlyList<Curve> curves) =>
    [
        new LineFigure("rumor-s-curves",
            $"Push starts fast, pull ends fast, push-pull does both: N = {parameters.Whole("--nodes"):N0}, feedback",
            "cycle", "share of the nodes that know (0 to 1)", curves)
        {
            References = [new Reference("everybody (1)", 1)],
        },
        Residues("rumor-residue-over-traffic",
            $"Who is left out, for k = 1, 2, ... along each curve: N = {parameters.Whole("--nodes"):N0}", parameters,
            [
                .. rows.GroupBy(row => (string)row["variant"]!).Where(part => part.Key.Contains("counter"))
                    .Select(part => new Curve(
                        part.Key, [.. part.Select(row => (row.Number("traffic"), row.Number("residue")))])),
            ]),
    ];

    private static LineFigure Residues(
        string name, string title, LabParameters parameters, IReadOnlyList<Curve> curves)
    {
        var most = curves.SelectMany(curve => curve.Points).Where(point => point.Y > 0)
            .Select(point => point.X).DefaultIfEmpty(1).Max();
        var law = Enumerable.Range(0, 41).Select(step => step * most / 40).Select(m => (m, Math.Exp(-m)));
        return new LineFigure(name, title, "traffic m (messages with the rumor per node)",
            $"residue s (share never reached; {parameters.Whole("--trials"):N0} trials, log scale)",
            [.. curves, new Curve("law of push: s = e^-m (Demers et al. 1987)", [.. law])])
        {
            LogVertical = true,
        };
    }

    private static Curve CurveOf(string label, RumorTrials trials, Func<int, double> share) => new(
        label, [.. Enumerable.Range(0, Math.Min(trials.Cycles, MostCycles) + 1).Select(cycle => ((double)cycle, share(cycle)))]);
}
