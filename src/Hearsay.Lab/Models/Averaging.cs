using Hearsay.Protocols;

namespace Hearsay.Lab.Models;

/// <summary>
/// Push-pull averaging over an overlay that gossips along (Jelasity, Montresor, Babaoglu, TOCS 23(3), 2005): in every
/// cycle each node, in random order, draws a partner from its view and both take the mean of their values. How fast the
/// variance shrinks tells how random the partners are: by 1/(2 sqrt e) = 0.3033 per cycle if they are uniform.
/// </summary>
internal static class Averaging
{
    private const ulong Purpose = 0x4156_4752;

    /// <summary>The geometric mean of the factors by which the variance shrinks per cycle.</summary>
    /// <param name="engine">The overlay; null draws partners uniformly from all.</param>
    /// <param name="nodes">How many there are.</param>
    /// <param name="cycles">How many cycles.</param>
    /// <param name="seed">Of values, order and partners.</param>
    public static double Factor(ICycleEngine? engine, int nodes, int cycles, ulong seed)
    {
        var random = SeededRandom.For(seed, 0, 0, Purpose);
        var (values, order) = (new double[nodes], new int[nodes]);
        for (var node = 0; node < nodes; node++)
        {
            (values[node], order[node]) = (random.NextDouble(), node);
        }

        var before = Variance(values);
        for (var cycle = 0; cycle < cycles; cycle++)
        {
            engine?.Run(1);
            random.Shuffle(order.AsSpan());
            foreach (var node in order)
            {
                if (PartnerDraw.Next(engine, nodes, node, ref random) is >= 0 and var partner)
                {
                    values[node] = values[partner] = (values[node] + values[partner]) / 2;
                }
            }
        }

        return Math.Pow(Variance(values) / before, 1.0 / cycles);
    }

    private static double Variance(double[] values)
    {
        var mean = values.Average();
        return values.Sum(value => (value - mean) * (value - mean)) / values.Length;
    }
}
