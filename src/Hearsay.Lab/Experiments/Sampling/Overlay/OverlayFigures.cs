using Hearsay.Lab.Contract;
using Hearsay.Lab.Engines;

namespace Hearsay.Lab.Experiments.Sampling.Overlay;

/// <summary>The figures of a run of the overlay experiment.</summary>
internal static class OverlayFigures
{
    public static IReadOnlyList<Figure> Of(
        ProtocolSetup setup, OverlayStart start, int nodes, IReadOnlyList<Row> rows)
    {
        var where = $"{setup.Text}, N = {nodes:N0}, {FigureWords.Of(start)}";
        var c = Math.Min(setup.Sampling.ViewSize, nodes - 1);
        LineFigure Over(string name, string what, string column, string unit, params IReadOnlyList<Reference> known) =>
            new(name, $"{what}: {where}", "cycle", unit,
                [new Curve("measured", [.. rows.Select(row => (row.Number("cycle"), row.Number(column)))])])
            {
                References = known,
            };
        return
        [
            Over("in-degree", "In-degree spread", "inDegreeStdDev", "standard deviation of the in-degree (nodes)",
                new Reference("random graph (theory)", OverlayMetrics.RandomGraphDeviation(nodes, c))),
            Over("in-degree-max", "Largest in-degree", "inDegreeMax", "in-degree (nodes)"),
            Over("clustering", "Clustering", "clustering", "clustering coefficient (0 to 1)",
                new Reference("random graph (theory: 2c/N)", 2.0 * c / nodes)),
            Over("path-length", "Path length", "averagePathLength", "average path length (hops)",
                OverlayOracles.RandomPathOf(nodes, c) is { } path
                    ? [new Reference("random graph of this size", path)] : []),
        ];
    }
}
