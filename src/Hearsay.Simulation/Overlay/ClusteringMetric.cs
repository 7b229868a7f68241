using Hearsay.Protocols;

namespace Hearsay.Simulation;

/// <summary>
/// The mean local clustering coefficient (Watts and Strogatz, "Collective dynamics of small-world networks", 1998):
/// which share of the pairs among a node's neighbours are neighbours themselves, over all live nodes or a sample.
/// </summary>
/// <remarks>
/// Every edge is kept at its end of smaller degree only (Latapy, "Main-memory triangle computations", 2008): the work
/// does not blow up on stars, where looking through all neighbours' neighbours would.
/// </remarks>
public static class ClusteringMetric
{
    /// <summary>Nodes that a sample has at least; fewer say little about their own spread.</summary>
    private const int SmallestSample = 1_000;
    private const ulong SamplePurpose = 0x434C_5553;

    /// <summary>
    /// The coefficient of the undirected overlay, exact; nodes with fewer than two neighbours count as 0.
    /// </summary>
    public static double Of(OverlayGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        if (graph.LiveCount == 0)
        {
            return 0;
        }

        var triangles = CountTriangles(graph);
        var sum = 0.0;
        for (var node = 0; node < graph.NodeCount; node++)
        {
            sum += Coefficient(graph.NeighboursOf(node).Length, triangles[node]);
        }

        return sum / graph.LiveCount;
    }

    /// <summary>
    /// The same from a random sample of nodes, which grows until the standard error of the mean is small enough or all
    /// nodes are in it.
    /// </summary>
    /// <param name="graph">The overlay.</param>
    /// <param name="relativeError">The standard error wanted, as a share of the value; above 0.</param>
    /// <param name="seed">Chooses the sample: the same graph and seed give the same figure.</param>
    public static Estimate Sample(OverlayGraph graph, double relativeError, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(relativeError);
        var nodes = graph.ShuffledLive(SeededRandom.For(seed, 0, 0, SamplePurpose));
        var (offsets, higher) = TowardsHigherDegree(graph);
        var stamps = new int[graph.NodeCount];
        var (sum, squares, wanted) = (0.0, 0.0, SmallestSample);
        for (var taken = 0; taken < nodes.Length; taken++)
        {
            if (taken == wanted)
            {
                if (Estimate.Of(sum, squares, taken, nodes.Length) is var soFar && soFar.Value > 0
                    && soFar.RelativeError <= relativeError)
                {
                    return soFar;
                }

                wanted += wanted / 4;
            }

            var row = graph.NeighboursOf(nodes[taken]);
            var coefficient = Coefficient(
                row.Length, CountEdgesAmong(row, nodes[taken] + 1, offsets, higher, stamps));
            sum += coefficient;
            squares += coefficient * coefficient;
        }

        return Estimate.Of(sum, squares, nodes.Length, nodes.Length);
    }

    private static double Coefficient(double degree, int edges) =>
        degree < 2 ? 0 : 2.0 * edges / (degree * (degree - 1));

    private static int CountEdgesAmong(ReadOnlySpan<int> nodes, int stamp, int[] offsets, int[] higher, int[] stamps)
    {
        foreach (var node in nodes)
        {
            stamps[node] = stamp;
        }

        var edges = 0;
        foreach (var node in nodes)
        {
            foreach (var other in higher.AsSpan(offsets[node]..offsets[node + 1]))
            {
                edges += stamps[other] == stamp ? 1 : 0;
            }
        }

        return edges;
    }

    private static int[] CountTriangles(OverlayGraph graph)
    {
        var (offsets, higher) = TowardsHigherDegree(graph);
        var triangles = new int[graph.NodeCount];
        var stamps = new int[graph.NodeCount];
        for (var node = 0; node < graph.NodeCount; node++)
        {
            var row = higher.AsSpan(offsets[node]..offsets[node + 1]);
            foreach (var other in row)
            {
                stamps[other] = node + 1;
            }

            foreach (var other in row)
            {
                foreach (var third in higher.AsSpan(offsets[other]..offsets[other + 1]))
                {
                    if (stamps[third] == node + 1)
                    {
                        triangles[node]++;
                        triangles[other]++;
                        triangles[third]++;
                    }
                }
            }
        }

        return triangles;
    }

    /// <summary>
    /// Keeps every undirected edge once, at its end of smaller degree (of equal degrees, smaller index).
    /// </summary>
    private static (int[] Offsets, int[] Targets) TowardsHigherDegree(OverlayGraph graph)
    {
        var offsets = new int[graph.NodeCount + 1];
        var targets = new int[graph.LinkCount];
        var count = 0;
        for (var node = 0; node < graph.NodeCount; node++)
        {
            var row = graph.NeighboursOf(node);
            foreach (var other in row)
            {
                var difference = graph.NeighboursOf(other).Length - row.Length;
                if (difference > 0 || (difference == 0 && other > node))
                {
                    targets[count++] = other;
                }
            }

            offsets[node + 1] = count;
        }

        return (offsets, targets);
    }
}
