using Hearsay.Protocols;

namespace Hearsay.Simulation.Aggregation;

/// <summary>
/// Stable, undirected neighbourhoods: every node chooses some others, and who is chosen chooses back.
/// </summary>
internal sealed class NeighbourGraph
{
    private const ulong Purpose = 0x4E45_4947;

    private readonly int[] _starts;

    private NeighbourGraph(int[] starts, int[] neighbours, int[] reverse) =>
        (_starts, Neighbours, Reverse) = (starts, neighbours, reverse);

    /// <summary>The node at the other end of a directed edge.</summary>
    public int[] Neighbours { get; }

    /// <summary>The same edge as seen from the other end.</summary>
    public int[] Reverse { get; }

    /// <summary>Nodes.</summary>
    public int NodeCount => _starts.Length - 1;

    /// <summary>The directed edges that leave a node: from the first up to and without the second.</summary>
    public (int First, int End) EdgesOf(int node) => (_starts[node], _starts[node + 1]);

    /// <summary>Every node chooses <paramref name="chosen"/> others uniformly.</summary>
    public static NeighbourGraph Random(int nodes, int chosen, ulong seed)
    {
        var random = SeededRandom.For(seed, 0, 0, Purpose);
        var pairs = new HashSet<long>();
        for (var node = 0; node < nodes; node++)
        {
            for (var i = 0; i < chosen; i++)
            {
                var other = random.Below(nodes - 1);
                other += other >= node ? 1 : 0;
                pairs.Add(((long)Math.Min(node, other) << 32) | (uint)Math.Max(node, other));
            }
        }

        var edges = pairs.ToArray();
        Array.Sort(edges);
        return Of(nodes, edges);
    }

    private static NeighbourGraph Of(int nodes, long[] edges)
    {
        var starts = new int[nodes + 1];
        foreach (var edge in edges)
        {
            starts[(edge >> 32) + 1]++;
            starts[(int)edge + 1]++;
        }

        for (var node = 0; node < nodes; node++)
        {
            starts[node + 1] += starts[node];
        }

        var next = starts[..nodes];
        var (neighbours, reverse) = (new int[2 * edges.Length], new int[2 * edges.Length]);
        foreach (var edge in edges)
        {
            var (one, other) = ((int)(edge >> 32), (int)edge);
            var (there, back) = (next[one]++, next[other]++);
            (neighbours[there], neighbours[back]) = (other, one);
            (reverse[there], reverse[back]) = (back, there);
        }

        return new NeighbourGraph(starts, neighbours, reverse);
    }
}
