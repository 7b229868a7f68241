namespace Hearsay.Simulation;

/// <summary>
/// The mean local clustering coefficient (Watts and Strogatz, "Collective dynamics of small-world networks", 1998):
/// which share of the pairs among a node's neighbours are neighbours themselves. Exact, over all live nodes.
/// </summary>
/// <remarks>
/// Every triangle is found once, from its node of smallest degree (Latapy, "Main-memory triangle computations", 2008):
/// the work is about N·d²/4 look-ups for mean degree d and does not blow up on stars, where N·d² would.
/// </remarks>
public static class ClusteringMetric
{
    /// <summary>The coefficient of the undirected overlay; nodes with fewer than two neighbours count as 0.</summary>
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
            double degree = graph.NeighboursOf(node).Length;
            sum += degree < 2 ? 0 : 2.0 * triangles[node] / (degree * (degree - 1));
        }

        return sum / graph.LiveCount;
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
