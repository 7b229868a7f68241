namespace Hearsay.Simulation;

/// <summary>The weakly connected components of the overlay: more than one means that it is partitioned.</summary>
public static class ComponentMetric
{
    /// <summary>How many components the live nodes form, and how many nodes the largest has.</summary>
    public static (int Count, int Largest) Of(OverlayGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var seen = new bool[graph.NodeCount];
        var stack = new int[graph.NodeCount];
        var (count, largest) = (0, 0);
        for (var node = 0; node < graph.NodeCount; node++)
        {
            if (graph.IsAlive(node) && !seen[node])
            {
                count++;
                largest = Math.Max(largest, Flood(graph, node, seen, stack));
            }
        }

        return (count, largest);
    }

    private static int Flood(OverlayGraph graph, int source, bool[] seen, int[] stack)
    {
        var (size, depth) = (0, 0);
        seen[source] = true;
        stack[depth++] = source;
        while (depth > 0)
        {
            size++;
            foreach (var other in graph.NeighboursOf(stack[--depth]))
            {
                if (!seen[other])
                {
                    seen[other] = true;
                    stack[depth++] = other;
                }
            }
        }

        return size;
    }
}
