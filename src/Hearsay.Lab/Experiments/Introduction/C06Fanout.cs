using Hearsay.Lab.Contract;
using Hearsay.Lab.Models;

namespace Hearsay.Lab.Experiments.Introduction;

/// <summary>C6: a larger fanout buys rounds with messages.</summary>
internal sealed class C06Fanout() : IntroductionExperiment(
    "c6", "A larger fanout spreads faster and costs more bandwidth.")
{
    private static readonly int[] s_fanouts = [1, 2, 3, 4, 6, 8, 10];

    protected override (IReadOnlyList<Row>, IEnumerable<Claim>, IReadOnlyList<Figure>) Measure(
        LabParameters parameters, ILabProgress progress)
    {
        var nodes = parameters.Whole("--nodes");
        var variants = (from way in new[] { Propagation.Push, Propagation.PushPull }
                        from fanout in s_fanouts
                        select (Way: way, Fanout: fanout)).ToArray();
        var rows = LabWork.Map(variants, parameters, progress, (variant, step) =>
        {
            var run = Spread(nodes, parameters.Seed, variant.Way, variant.Fanout);
            step();
            return new Row
            {
                { "propagation", variant.Way.ToString().ToLowerInvariant() }, { "fanout", variant.Fanout },
                { "rounds", run.Rounds }, { "payloadsPerDelivery", (double)run.Payloads / nodes },
            };
        });
        return (rows,
            [
                Claim.AtMost(IdOf("rounds-fanout-10-over-1"), Source, 0.5,
                    rows[6].Number("rounds") / rows[0].Number("rounds")),
                Claim.AtLeast(IdOf("payloads-fanout-10-over-1"), Source, 1.2,
                    rows[6].Number("payloadsPerDelivery") / rows[0].Number("payloadsPerDelivery")),
            ],
            [
                new LineFigure("c6-rounds", $"Rounds until all know: N = {nodes:N0}, c = 30, H = 1, S = 14",
                    "fanout (partners per round)", "rounds", CurvesOf(rows, "propagation", "fanout", "rounds"))
                {
                    References = [new Reference("theory: push, fanout 1 (log2 N + ln N)",
                        Math.Log2(nodes) + Math.Log(nodes))],
                },
                new LineFigure("c6-payloads", $"Payloads per delivery: N = {nodes:N0}, c = 30, H = 1, S = 14",
                    "fanout (partners per round)", "payloads per node",
                    CurvesOf(rows, "propagation", "fanout", "payloadsPerDelivery"))
                {
                    References = [new Reference("no payload wasted (1)", 1)],
                },
            ]);
    }
}
