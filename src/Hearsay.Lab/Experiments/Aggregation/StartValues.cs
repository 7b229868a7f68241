using Hearsay.Protocols;

namespace Hearsay.Lab.Experiments.Aggregation;

/// <summary>What the nodes start with.</summary>
internal static class StartValues
{
    private const ulong Purpose = 0x5641_4C55;

    /// <summary>The values of all nodes.</summary>
    /// <param name="kind">uniform, peak or lognormal (of a standard normal logarithm).</param>
    /// <param name="nodes">How many.</param>
    /// <param name="seed">Of the run.</param>
    public static double[] Of(string kind, int nodes, ulong seed)
    {
        var random = SeededRandom.For(seed, 0, 0, Purpose);
        var values = new double[nodes];
        if (kind == "peak")
        {
            values[random.Below(nodes)] = nodes;
            return values;
        }

        for (var node = 0; node < nodes; node++)
        {
            values[node] = kind == "uniform" ? random.NextDouble() : Math.Exp(Normal(ref random));
        }

        return values;
    }

    /// <summary>Standard deviation over mean.</summary>
    public static double VariationOf(double[] values)
    {
        var mean = values.Average();
        return Math.Sqrt(values.Average(value => (value - mean) * (value - mean))) / Math.Abs(mean);
    }

    private static double Normal(ref SeededRandom random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
