using Hearsay.Lab.Contract;

namespace Hearsay.Lab.Experiments.Introduction;

/// <summary>C5: the cycle time trades bytes for speed and freshness.</summary>
internal sealed class C05CycleTime() : IntroductionExperiment(
    "c5", "A shorter cycle time spreads faster, keeps the topology fresher, and costs more bandwidth.")
{
    private const double ReplacedPerSecond = 0.005;
    private const int Cycles = 60;
    private static readonly double[] s_seconds = [0.05, 0.1, 0.3, 1, 3, 10];

    protected override (IReadOnlyList<Row>, IEnumerable<Claim>, IReadOnlyList<Figure>) Measure(
        LabParameters parameters, ILabProgress progress)
    {
        var nodes = parameters.Whole("--nodes");
        var rounds = Spread(nodes, parameters.Seed, Propagation.PushPull).Rounds;
        var rows = LabWork.Map(s_seconds, parameters, progress, (seconds, step) =>
        {
            using var engine = Converged(nodes, parameters.Seed);
            var (owed, joined) = (0.0, 0);
            for (var cycle = 0; cycle < Cycles; cycle++)
            {
                for (owed += ReplacedPerSecond * seconds * nodes; owed >= 1; owed--)
                {
                    engine.KillNodes(1);
                    engine.Join(FirstLive(engine, joined++));
                }

                engine.Run(1);
            }

            step();
            var (dead, age, entries) = (engine.CountDeadLinks(), 0L, 0L);
            for (var node = 0; node < engine.NodeCount; node++)
            {
                if (engine.IsAlive(node))
                {
                    entries += engine.ViewOf(node).Length;
                    foreach (var cycles in engine.AgesOf(node))
                    {
                        age += cycles;
                    }
                }
            }

            return new Row
            {
                { "series", "dead entries" }, { "cycleSeconds", seconds }, { "secondsToAll", rounds * seconds },
                { "meanAgeSeconds", seconds * age / entries }, { "deadPercent", 100.0 * dead / entries },
                { "bytesPerSecond", 2 * 15 * DescriptorBytes / seconds },
            };
        });
        return (rows,
            [
                Claim.AtMost(IdOf("dead-entries-fast-over-slow"), Source, 0.5,
                    rows[0].Number("deadPercent") / rows[^1].Number("deadPercent")),
                Claim.AtMost(IdOf("age-fast-over-slow"), Source, 0.1,
                    rows[0].Number("meanAgeSeconds") / rows[^1].Number("meanAgeSeconds")),
                Claim.AtLeast(IdOf("bytes-fast-over-slow"), Source, 10,
                    rows[0].Number("bytesPerSecond") / rows[^1].Number("bytesPerSecond")),
            ],
            [
                new LineFigure("c5-dead", "Dead entries of views, 0.5 % of the nodes replaced per second: "
                    + $"N = {nodes:N0}, c = 30, H = 1, S = 14",
                    "cycle time (seconds)", "dead entries of views (%)",
                    CurvesOf(rows, "series", "cycleSeconds", "deadPercent"))
                {
                    LogHorizontal = true, References = [new Reference("no dead entry (0)", 0)],
                },
            ]);
    }

    private static int FirstLive(ICycleEngine engine, int from)
    {
        var node = (int)(from * 2_654_435_761L % engine.NodeCount);
        while (!engine.IsAlive(node))
        {
            node = (node + 1) % engine.NodeCount;
        }

        return node;
    }
}
