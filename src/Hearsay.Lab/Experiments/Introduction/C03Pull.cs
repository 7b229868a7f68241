using Hearsay.Lab.Contract;
using Hearsay.Lab.Experiments.Sampling.Overlay;
using Hearsay.Protocols;

namespace Hearsay.Lab.Experiments.Introduction;

/// <summary>C3: pull pays when there is much news; a pull-only overlay becomes a star.</summary>
internal sealed class C03Pull() : IntroductionExperiment(
    "c3", "Pull alone is efficient when there are many updates; a node that only pulls never inserts itself.")
{
    private const ulong Purpose = 0x5055_4C4C;
    private const int Rounds = 200;
    private static readonly double[] s_rates = [0.01, 0.03, 0.1, 0.3, 1, 3];

    protected override (IReadOnlyList<Row>, IEnumerable<Claim>, IReadOnlyList<Figure>) Measure(
        LabParameters parameters, ILabProgress progress)
    {
        var nodes = parameters.Whole("--nodes");
        var rows = LabWork.Map(s_rates, parameters, progress, (rate, step) =>
        {
            var useful = UsefulShare(Math.Min(nodes, 1_000), rate, parameters.Seed);
            step();
            return new Row { { "series", "pull" }, { "updatesPerRound", rate }, { "usefulShare", useful } };
        });
        using var star = Converged(nodes, parameters.Seed, Propagation.Pull, cycles: 300);
        var overlay = OverlayRow.Of(star, parameters.Seed);
        var newcomer = star.Join(0);
        star.Run(20);
        var known = Enumerable.Range(0, newcomer).Count(node => star.ViewOf(node).Contains((uint)newcomer));
        return (rows,
            [
                Claim.AtMost(IdOf("useful-answers-few-updates"), Source, 0.2, rows[0].Number("usefulShare")),
                Claim.AtLeast(IdOf("useful-answers-many-updates"), Source, 0.8, rows[^1].Number("usefulShare")),
                Claim.AtMost(IdOf("who-knows-a-late-joiner"), Source, 0, known),
                Claim.AtLeast(IdOf("star"), Sources.Bound, 1_001, overlay.Number("inDegreeMax")),
            ],
            [
                new LineFigure("c3-useful", "Answers to a pull that bring news: 1,000 nodes, random partners",
                    "updates per round in the whole network", "useful answers (share of requests, 0 to 1)",
                    CurvesOf(rows, "series", "updatesPerRound", "usefulShare"))
                {
                    LogHorizontal = true, References = [new Reference("every answer useful (1)", 1)],
                },
            ]);
    }

    /// <summary>Each node asks one random other per round; 64 updates are remembered, the oldest forgotten.</summary>
    private static double UsefulShare(int nodes, double rate, ulong seed)
    {
        var random = SeededRandom.For(seed, 0, (ulong)(rate * 1_000), Purpose);
        var (known, due, slot, useful) = (new ulong[nodes], 1.0, 0, 0L);
        for (var round = 0; round < Rounds; round++)
        {
            for (due += rate; due >= 1; due--)
            {
                var bit = 1UL << (slot++ % 64);
                for (var node = 0; node < nodes; node++)
                {
                    known[node] &= ~bit;
                }

                known[random.Below(nodes)] |= bit;
            }

            var before = (ulong[])known.Clone();
            for (var node = 0; node < nodes; node++)
            {
                var news = before[random.Below(nodes)] & ~before[node];
                useful += news != 0 ? 1 : 0;
                known[node] |= news;
            }
        }

        return useful / ((double)nodes * Rounds);
    }
}
