using System.Globalization;
using Hearsay.Lab.Contract;
using Hearsay.Lab.Models;

namespace Hearsay.Lab.Experiments.Introduction;

/// <summary>C1: scale and faults against latency.</summary>
internal sealed class C01Scaling() : IntroductionExperiment(
    "c1", "Gossip scales and tolerates faults, at the cost of consistency and latency.")
{
    private static readonly int[] s_sizes = [100, 1_000, 10_000, 100_000, 1_000_000];
    private static readonly double[] s_dead = [0, 0.1, 0.3, 0.5];

    protected override (IReadOnlyList<Row>, IEnumerable<Claim>, IReadOnlyList<Figure>) Measure(
        LabParameters parameters, ILabProgress progress)
    {
        var most = parameters.Whole("--nodes");
        var sizes = s_sizes.Where(size => size < most).Append(most);
        var variants = (from dead in s_dead from size in sizes select (Dead: dead, Size: size)).ToArray();
        var rows = LabWork.Map(variants, parameters, progress, (variant, step) =>
        {
            using var engine = Converged(variant.Size, parameters.Seed);
            engine.KillNodes((int)(variant.Dead * variant.Size));
            var run = OverlayRumor.Spread(engine, Propagation.PushPull, 1, parameters.Seed);
            step();
            return new Row
            {
                { "dead", (100 * variant.Dead).ToString("0", CultureInfo.InvariantCulture) + " % dead" },
                { "nodes", variant.Size }, { "rounds", run.Rounds }, { "medianRound", run.MedianRound },
                { "share", run.Share }, { "payloadsPerNode", (double)run.Payloads / engine.LiveCount },
            };
        });
        var sound = rows.First(row => row.Number("nodes") == most);
        var halved = rows.Last();
        return (rows,
            [
                Claim.AtMost(IdOf("rounds-over-log-n"), Source, 1.5, sound.Number("rounds") / Math.Log2(most)),
                Claim.AtLeast(IdOf("reached-with-half-dead"), Source, 1, halved.Number("share")),
                Claim.AtMost(IdOf("slowdown-with-half-dead"), Source, 2.5,
                    halved.Number("rounds") / sound.Number("rounds")),
                Claim.AtLeast(IdOf("latency-slowest-over-median"), Source, 1.05,
                    sound.Number("rounds") / sound.Number("medianRound")),
            ],
            [
                new LineFigure("c1-rounds", "Rounds until all that live know: pushpull, c = 30, H = 1, S = 14",
                    "nodes", "rounds (cycles)", CurvesOf(rows, "dead", "nodes", "rounds"))
                {
                    LogHorizontal = true,
                    References = [new Reference($"log2 N at N = {most:N0}", Math.Log2(most))],
                },
            ]);
    }
}
