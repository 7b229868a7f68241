using Hearsay.Lab.Models.Learning;

namespace Hearsay.Lab.Experiments.Learning;

/// <summary>Error over cycles and over bytes.</summary>
internal static class LearningFigures
{
    public static IReadOnlyList<Figure> Of(
        LabParameters parameters, IReadOnlyList<Row> rows, Row summary, IReadOnlyList<LearningOutcome> outcomes)
    {
        var where = $"{parameters.Choice("--data")}, {parameters.Choice("--model")}, "
            + $"N = {parameters.Whole("--nodes"):N0}";
        Curve Gossip(string along, string value, string label) =>
            new(label, [.. rows.Select(row => (row.Number(along), row.Number(value)))]);
        IReadOnlyList<Reference> references =
        [
            new Reference($"central ({Claim.Text(summary.Number("centralError"))})", summary.Number("centralError")),
            new Reference($"alone ({Claim.Text(summary.Number("localError"))})", summary.Number("localError")),
        ];
        var perRound = outcomes[0].FederatedBytes;
        var most = rows[^1].Number("bytesPerNode");
        List<(double, double)> byBytes = [];
        for (var round = 1; round < outcomes[0].Federated.Length && round * perRound <= most; round++)
        {
            byBytes.Add((round * perRound, outcomes.Average(outcome => outcome.Federated[round])));
        }

        return
        [
            new LineFigure("learning-cycles", $"Gossip learning: {where}", "cycle", "error (share of the test records)",
                [
                    Gossip("cycle", "error", "gossip, mean node"), Gossip("cycle", "errorWorst", "gossip, worst node"),
                    Gossip("cycle", "federatedError", "federated averaging"),
                ])
            {
                References = references, MayCover = true,
            },
            new LineFigure("learning-bytes", $"Gossip learning by cost: {where}", "bytes per node",
                "error (share of the test records)",
                [Gossip("bytesPerNode", "error", "gossip, mean node"), new Curve("federated averaging", byBytes)])
            {
                References = references, MayCover = true,
            },
        ];
    }
}
