using Hearsay.Lab.Contract;
using Hearsay.Lab.Experiments.Sampling.Overlay;

namespace Hearsay.Lab.Experiments.Introduction;

/// <summary>C10: what membership costs with gossip, with all-to-all heartbeats and with a server.</summary>
internal sealed class C10Bandwidth() : IntroductionExperiment(
    "c10", "Gossip reduces bandwidth against the alternatives.")
{
    private static readonly int[] s_sizes = [30, 100, 300, 1_000, 3_000, 10_000, 30_000];

    private const int ExchangeDescriptors = 2 * 15;

    protected override (IReadOnlyList<Row>, IEnumerable<Claim>, IReadOnlyList<Figure>) Measure(
        LabParameters parameters, ILabProgress progress)
    {
        var most = parameters.Whole("--nodes");
        var sizes = s_sizes.Where(size => size < most).Append(most)
            .ToArray();
        var rows = LabWork.Map(sizes, parameters, progress, (nodes, step) =>
        {
            // A node takes part in its own exchange and in those of whoever chooses it: about its in-degree over c.
            using var engine = Converged(nodes, parameters.Seed);
            var overlay = OverlayRow.Of(engine, parameters.Seed);
            var size = Math.Min(30, nodes - 1);
            var busiest = 1 + (overlay.Number("inDegreeMax") / size);
            step();
            return new Row
            {
                { "nodes", nodes },
                { "gossipMean", 2.0 * ExchangeDescriptors * DescriptorBytes },
                { "gossipBusiest", busiest * ExchangeDescriptors * DescriptorBytes },
                { "allToAll", 2.0 * (nodes - 1) * DescriptorBytes },
                { "serverBusiest", 2.0 * nodes * DescriptorBytes },
            };
        });
        Curve Of(string label, string column) =>
            new(label, [.. rows.Select(row => (row.Number("nodes"), row.Number(column)))]);
        return (rows,
            [
                Claim.AtMost(IdOf("gossip-over-all-to-all"), Source, 0.05,
                    rows[^1].Number("gossipMean") / rows[^1].Number("allToAll")),
                Claim.AtMost(IdOf("busiest-over-server"), Source, 0.05,
                    rows[^1].Number("gossipBusiest") / rows[^1].Number("serverBusiest")),

                // The other half of the truth: a group no larger than its views is better off with heartbeats.
                Claim.AtLeast(IdOf("gossip-over-all-to-all-at-30"), AgainstIt, 1,
                    rows[0].Number("gossipMean") / rows[0].Number("allToAll")),
            ],
            [
                new LineFigure("c10-bytes", "Bytes a node sends and receives per cycle: c = 30, H = 1, S = 14",
                    "nodes", "bytes per node and cycle",
                    [Of("gossip, mean", "gossipMean"), Of("gossip, busiest node", "gossipBusiest"),
                        Of("all-to-all heartbeats", "allToAll"),
                        Of("the server of a central list", "serverBusiest") with { IsOracle = true }])
                {
                    LogHorizontal = true, LogVertical = true,
                    References = [new Reference("one datagram (1,200)", 1_200)],
                },
            ]);
    }
}
