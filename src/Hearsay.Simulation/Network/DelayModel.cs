using System.Runtime.InteropServices;
using Hearsay.Protocols;
using Hearsay.Simulation.Network;

namespace Hearsay.Simulation;

/// <summary>The distribution of the delays of packets; what is drawn is the same on every platform.</summary>
/// <param name="Kind">Its shape.</param>
/// <param name="Shortest">The shortest delay.</param>
/// <param name="Spread">What is added, as the kind says. Nothing is later than a minute.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct DelayModel(DelayKind Kind, TimeSpan Shortest, TimeSpan Spread)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    /// <summary>Draws a delay.</summary>
    public TimeSpan Draw(ref SeededRandom random)
    {
        var factor = Kind switch
        {
            DelayKind.Constant => 0,
            DelayKind.Uniform => 2 * random.NextDouble(),
            DelayKind.Exponential => -ExactMath.Log(1 - random.NextDouble()),
            DelayKind.LogNormal => ExactMath.Exp(Normal(ref random)),
            _ => ExactMath.Exp(ExactMath.Log(1 - random.NextDouble()) / -1.5) - 1,
        };
        var ticks = Shortest.Ticks + (Spread.Ticks * factor);
        return ticks < Longest.Ticks ? TimeSpan.FromTicks((long)ticks) : Longest;
    }

    /// <summary>The polar method, which needs no cosine (Marsaglia, Bray 1964).</summary>
    private static double Normal(ref SeededRandom random)
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
