using Hearsay.Protocols;

namespace Hearsay.Simulation;

/// <summary>The average path length of the undirected overlay, by breadth-first search from sampled nodes.</summary>
public static class PathLengthMetric
{
    private const ulong SourcePurpose = 0x5041_5448;

    /// <summary>
    /// The mean distance between a sampled node and every other that can be reached from it; 0 if there is no such
    /// pair.
    /// </summary>
    /// <param name="graph">The overlay.</param>
    /// <param name="sources">How many nodes to start from; all live ones if there are no more.</param>
    /// <param name="seed">Chooses them.</param>
    public static double Of(OverlayGraph graph, int sources, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var distances = new int[graph.NodeCount];
        var queue = new int[graph.NodeCount];
        var (sum, pairs) = (0L, 0L);
        foreach (var source in ChooseSources(graph, sources, seed))
        {
            var reached = Search(graph, source, distances, queue);
            pairs += reached - 1;
            foreach (var node in queue.AsSpan(0, reached))
            {
                sum += distances[node];
            }
        }

        return pairs == 0 ? 0 : (double)sum / pairs;
    }

    private static ReadOnlySpan<int> ChooseSources(OverlayGraph graph, int sources, ulong seed)
    {
        var live = new int[graph.LiveCount];
        var count = 0;
        for (var node = 0; node < graph.NodeCount; node++)
        {
            if (graph.IsAlive(node))
            {
                live[count++] = node;
            }
        }

        SeededRandom.For(seed, 0, 0, SourcePurpose).Shuffle(live.AsSpan());
        return live.AsSpan(0, Math.Clamp(sources, 0, live.Length));
    }

    private static int Search(OverlayGraph graph, int source, int[] distances, int[] queue)
    {
        Array.Fill(distances, -1);
        distances[source] = 0;
        queue[0] = source;
        var reached = 1;
        for (var next = 0; next < reached; next++)
        {
            var node = queue[next];
            foreach (var other in graph.NeighboursOf(node))
            {
                if (distances[other] < 0)
                {
                    distances[other] = distances[node] + 1;
                    queue[reached++] = other;
                }
            }
        }

        return reached;
    }
}
