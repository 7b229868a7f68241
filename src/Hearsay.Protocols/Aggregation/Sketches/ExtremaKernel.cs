using System.Numerics;

namespace Hearsay.Protocols.Aggregation.Sketches;

/// <summary>
/// Extrema propagation (Baquero, Almeida, Menezes, Jesus, IEEE TPDS 2012): every node draws K exponential numbers whose
/// rate is its value, the pointwise minimum of all travels, and tells the sum of the values: (K - 1) / Σ minima. Every
/// value 1 counts the nodes.
/// </summary>
/// <remarks>
/// The relative standard error is 1/√(K - 2). A minimum only falls, so loss, doubles and reordering do no harm. Whoever
/// lies downwards is believed, so give a clamp. Pure functions on the caller's spans; nothing allocates.
/// </remarks>
internal static class ExtremaKernel
{
    /// <summary>No draw for a value of 1 is below it.</summary>
    public const double LeastDraw = 1.0 / (1L << 54);

    /// <summary>Of nobody's draw: the start of who has no value.</summary>
    public static void Clear(Span<double> minima) => minima.Fill(double.PositiveInfinity);

    /// <summary>The relative standard error of an estimate from K minima, K above 2.</summary>
    public static double RelativeError(int minima) => 1 / Math.Sqrt(minima - 2);

    /// <summary>A node's own draws.</summary>
    /// <param name="minima">K numbers.</param>
    /// <param name="value">Its value, above 0.</param>
    /// <param name="random">Another stream at every node, or all draw the same.</param>
    public static void Draw(Span<double> minima, double value, ref SeededRandom random)
    {
        foreach (ref var minimum in minima)
        {
            // 1 - [0, 1) is never 0, so the logarithm is finite. A draw of exactly 0 is not somebody's: half of the
            // smallest other one stands for it.
            minimum = Math.Max(-Math.Log(1 - random.NextDouble()), LeastDraw) / value;
        }
    }

    /// <summary>The pointwise minimum, into the first.</summary>
    /// <returns>Whether the first learned something.</returns>
    public static bool Merge(Span<double> minima, ReadOnlySpan<double> others)
    {
        var (i, learned) = (0, false);
        for (; i <= minima.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            var own = new Vector<double>(minima[i..]);
            var other = new Vector<double>(others[i..]);
            learned |= Vector.LessThanAny(other, own);
            Vector.Min(own, other).CopyTo(minima[i..]);
        }

        for (; i < minima.Length; i++)
        {
            learned |= others[i] < minima[i];
            minima[i] = Math.Min(minima[i], others[i]);
        }

        return learned;
    }

    /// <summary>The sum of all values, 0 while nobody's draw is known.</summary>
    public static double Estimate(ReadOnlySpan<double> minima)
    {
        var sum = 0.0;
        foreach (var minimum in minima)
        {
            sum += minimum;
        }

        return (minima.Length - 1) / sum;
    }

    /// <summary>
    /// Whether minima that came over a network can be somebody's: all of them numbers, or all infinite for nobody's.
    /// </summary>
    /// <param name="minima">K numbers.</param>
    /// <param name="least">What no honest draw is below; above 0.</param>
    public static bool AreValid(ReadOnlySpan<double> minima, double least)
    {
        if (minima.IndexOfAnyExcept(double.PositiveInfinity) < 0)
        {
            return true;
        }

        foreach (var minimum in minima)
        {
            if (!(minimum >= least && double.IsFinite(minimum)))
            {
                return false;
            }
        }

        return true;
    }
}
