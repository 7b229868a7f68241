using Hearsay.Learning;
using Hearsay.Protocols;
using Hearsay.Simulation.Network;

namespace Hearsay.Lab.Models.Learning;

/// <summary>Which node has which records.</summary>
internal static class LearningPlacement
{
    /// <summary>The words for it.</summary>
    public static IReadOnlyList<string> Words { get; } = ["iid", "label", "dirichlet", "one-record"];

    /// <summary>The records of each node. A node may have none.</summary>
    public static int[][] Place(string placement, LearningData data, int nodes, double alpha, ulong seed)
    {
        var random = SeededRandom.For(seed, 0, 0, 0x91ACE);
        int[] rows = [.. Enumerable.Range(0, data.RowCount)];
        random.Shuffle<int>(rows);
        return placement switch
        {
            "one-record" => [.. rows.Take(nodes).Select(static row => new[] { row })],
            "label" => ByLabel(data, rows, nodes),
            "dirichlet" => Dirichlet(data, rows, nodes, alpha, ref random),
            _ => Deal(rows, nodes),
        };
    }

    private static int[][] Deal(int[] rows, int nodes) =>
        [.. Enumerable.Range(0, nodes).Select(node => rows.Where((_, place) => place % nodes == node).ToArray())];

    /// <summary>Every node has one class; each class has nodes in proportion to its records, at least one.</summary>
    private static int[][] ByLabel(LearningData data, int[] rows, int nodes)
    {
        var classes = Math.Min(data.ClassCount, nodes);
        var byClass = rows.ToLookup(row => (int)data.Target(row));
        var owners = new int[nodes];
        var given = new int[classes];
        for (var node = 0; node < nodes; node++)
        {
            var next = node < classes ? node : Enumerable.Range(0, classes).MaxBy(
                label => (double)byClass[label].Count() / (given[label] + 0.5));
            owners[node] = next;
            given[next]++;
        }

        var result = new int[nodes][];
        var dealt = new int[classes];
        for (var node = 0; node < nodes; node++)
        {
            var (label, place) = (owners[node], dealt[owners[node]]++);
            result[node] = [.. byClass[label].Where((_, index) => index % given[label] == place)];
        }

        return result;
    }

    private static int[][] Dirichlet(LearningData data, int[] rows, int nodes, double alpha, ref SeededRandom random)
    {
        var result = Enumerable.Range(0, nodes).Select(static _ => new List<int>()).ToArray();
        foreach (var label in rows.GroupBy(row => (int)data.Target(row)).OrderBy(static label => label.Key))
        {
            var shares = new double[nodes];
            for (var node = 0; node < nodes; node++)
            {
                shares[node] = Gamma(alpha, ref random) + (node > 0 ? shares[node - 1] : 0);
            }

            foreach (var row in label)
            {
                var draw = random.NextDouble() * shares[^1];
                var owner = Array.FindIndex(shares, share => share > draw);
                result[Math.Max(0, owner)].Add(row);
            }
        }

        return [.. result.Select(static list => list.ToArray())];
    }

    /// <summary>A gamma variate (Marsaglia and Tsang, 2000).</summary>
    private static double Gamma(double shape, ref SeededRandom random)
    {
        if (shape < 1)
        {
            return Gamma(shape + 1, ref random)
                * ExactMath.Exp(Math.Max(-700, ExactMath.Log(1 - random.NextDouble()) / shape));
        }

        var d = shape - (1.0 / 3);
        var c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            var normal = Normal(ref random);
            var root = 1 + (c * normal);
            var v = root * root * root;
            if (v > 0 && ExactMath.Log(1 - random.NextDouble())
                < (0.5 * normal * normal) + d - (d * v) + (d * ExactMath.Log(v)))
            {
                return d * v;
            }
        }
    }

    /// <summary>A normal variate (Marsaglia's polar method).</summary>
    public static double Normal(ref SeededRandom random)
    {
        while (true)
        {
            var (x, y) = ((2 * random.NextDouble()) - 1, (2 * random.NextDouble()) - 1);
            var square = (x * x) + (y * y);
            if (square is > 0 and < 1)
            {
                return x * Math.Sqrt(-2 * ExactMath.Log(square) / square);
            }
        }
    }
}
