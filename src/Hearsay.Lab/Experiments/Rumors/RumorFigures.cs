namespace Hearsay.Lab.Experiments.Rumors;

/// <summary>S-curves of infection, and residue over traffic with Demers' law drawn in.</summary>
internal static class RumorFigures
{
    private const int MostCycles = 60;

    /// <summary>Below this a residue is that of a few nodes in a few trials.</summary>
    private const double LeastResidue = 2e-5;

    /// <summary>From this on down a residue needs a logarithmic axis.</summary>
    private const double SmallResidue = 0.02;

    /// <summary>The curve of those who know, by cycle.</summary>
    public static Curve KnownOf(string label, RumorTrials trials, int cycles = MostCycles) =>
        new(label, CyclesOf(trials, cycles).Select(cycle => ((double)cycle, trials.KnownAfter(cycle))).ToArray());

    /// <summary>The figures of one variant.</summary>
    public static IReadOnlyList<Figure> OfOne(LabParameters parameters, RumorOptions options, RumorTrials trials)
    {
        var what = $"{parameters.Choice("--variant")}, k = {options.K}, fanout {options.Fanout}: "
            + $"N = {parameters.Whole("--nodes"):N0}, mean of {trials.Outcomes.Count:N0} trials";
        var cycles = CyclesOf(trials, MostCycles);
        var course = cycles.Select(cycle => (trials.SentUntil(cycle), 1 - trials.KnownAfter(cycle)))
            .Where(point => point.Item2 >= LeastResidue).ToArray();
        return
        [
            new LineFigure("rumor-s-curve", what, "cycle", "share of the nodes (0 to 1)",
                [
                    KnownOf("know the rumor", trials),
                    new Curve("spread it", [.. cycles.Select(cycle => ((double)cycle, trials.HotAfter(cycle)))]),
                ])
            {
                References = [new Reference("everybody (1)", 1)],
            },
            Residues("rumor-residue", "Who does not know, cycle by cycle: " + what,
                [new Curve("measured, a point per cycle", course)]),
        ];
    }

    /// <summary>The figures that compare variants.</summary>
    public static IReadOnlyList<Figure> OfAll(
        LabParameters parameters, IReadOnlyList<Row> rows, IReadOnlyList<Curve> curves) =>
    [
        new LineFigure("rumor-s-curves",
            $"How a rumor spreads: N = {parameters.Whole("--nodes"):N0}, feedback, counter, "
            + $"k = {parameters.Whole("--k")}", "cycle",
            "share of the nodes that know (0 to 1)", curves)
        {
            References = [new Reference("everybody (1)", 1)],
        },
        Residues("rumor-residue-over-traffic",
            $"Who is left out, k growing along each curve: N = {parameters.Whole("--nodes"):N0}, "
            + $"{parameters.Whole("--trials"):N0} trials",
            [
                .. rows.GroupBy(row => (string)row["variant"]!).Where(part => part.Key.EndsWith("counter"))
                    .Select(part => new Curve(LabelOf(part.Key),
                        [.. part.Where(row => row.Number("residue") >= LeastResidue)
                            .Select(row => (row.Number("traffic"), row.Number("residue")))])),
            ]),
    ];

    private static LineFigure Residues(
        string name, string title, IReadOnlyList<Curve> curves)
    {
        var points = curves.SelectMany(curve => curve.Points).DefaultIfEmpty((1, 1)).ToArray();
        var most = points.Max(point => point.X);
        var law = Enumerable.Range(0, 41).Select(step => step * most / 40).Select(m => (m, Math.Exp(-m)))
            .Where(point => point.Item2 >= LeastResidue);
        var isSmall = points.Min(point => point.Y) < SmallResidue;
        return new LineFigure(name, title, "traffic m (messages with the rumor per node)",
            "residue s (share that does not know)",
            [.. curves, new Curve("law of push: s = e^-m (Demers et al. 1987)", [.. law]) { IsLaw = true }])
        {
            LogVertical = isSmall, MayCover = true,
        };
    }

    /// <summary>A variant in words: who sends, whether the other side says what it knew, and what ends it.</summary>
    public static string LabelOf(string variant) => variant
        .Replace("pushpull", "push-pull", StringComparison.Ordinal)
        .Replace("-feedback", " with feedback", StringComparison.Ordinal)
        .Replace("-blind", " without feedback (blind)", StringComparison.Ordinal)
        .Replace("-counter", ", counter", StringComparison.Ordinal)
        .Replace("-coin", ", coin", StringComparison.Ordinal);

    private static int[] CyclesOf(RumorTrials trials, int most) =>
        [.. Enumerable.Range(0, Math.Min(trials.Cycles, most) + 1)];
}
