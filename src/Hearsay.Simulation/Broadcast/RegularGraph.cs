using Hearsay.Protocols;

namespace Hearsay.Simulation.Broadcast;

/// <summary>A random graph in which every node has the same number of neighbours.</summary>
internal static class RegularGraph
{
    /// <summary>Pairs the ends of all links at random; where that makes a loop or a double link, ends are swapped.
    /// </summary>
    /// <returns>The neighbours of every node, in random order.</returns>
    /// <exception cref="ArgumentException">No such graph exists.</exception>
    public static int[][] Make(int nodes, int degree, ulong seed)
    {
        if (degree >= nodes || degree < 1 || nodes * (long)degree % 2 != 0)
        {
            throw new ArgumentException($"There is no graph of {nodes} nodes with {degree} neighbours each.");
        }

        var random = SeededRandom.For(seed, 0, 0, 0x6B);
        var ends = new int[nodes * degree];
        for (var i = 0; i < ends.Length; i++)
        {
            ends[i] = i / degree;
        }

        random.Shuffle<int>(ends);
        var links = new HashSet<long>();
        var bad = new Queue<int>();
        for (var link = 0; link < ends.Length / 2; link++)
        {
            if (!TryLink(links, ends[2 * link], ends[(2 * link) + 1], nodes))
            {
                bad.Enqueue(link);
            }
        }

        while (bad.TryDequeue(out var link))
        {
            var (a, b) = (ends[2 * link], ends[(2 * link) + 1]);
            var other = random.Below(ends.Length / 2);
            var (c, d) = (ends[2 * other], ends[(2 * other) + 1]);
            if (!links.Remove(Key(c, d, nodes)) || bad.Contains(other))
            {
                bad.Enqueue(link);
                continue;
            }

            if (TryLink(links, a, c, nodes))
            {
                if (TryLink(links, b, d, nodes))
                {
                    (ends[(2 * link) + 1], ends[2 * other]) = (c, b);
                    continue;
                }

                links.Remove(Key(a, c, nodes));
            }

            links.Add(Key(c, d, nodes));
            bad.Enqueue(link);
        }

        return Gather(ends, nodes, degree);
    }

    private static int[][] Gather(int[] ends, int nodes, int degree)
    {
        var neighbours = new int[nodes][];
        var filled = new int[nodes];
        for (var node = 0; node < nodes; node++)
        {
            neighbours[node] = new int[degree];
        }

        for (var link = 0; link < ends.Length / 2; link++)
        {
            var (a, b) = (ends[2 * link], ends[(2 * link) + 1]);
            neighbours[a][filled[a]++] = b;
            neighbours[b][filled[b]++] = a;
        }

        return neighbours;
    }

    private static bool TryLink(HashSet<long> links, int a, int b, int nodes) =>
        a != b && links.Add(Key(a, b, nodes));

    private static long Key(int a, int b, int nodes) => ((long)Math.Min(a, b) * nodes) + Math.Max(a, b);
}
