using System.Runtime.InteropServices;
using Hearsay.Protocols;

namespace Hearsay.Simulation;

/// <summary>The distribution of the delays of packets.</summary>
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
            DelayKind.Exponential => -Math.Log(1 - random.NextDouble()),
            DelayKind.LogNormal => Math.Exp(Normal(ref random)),
            _ => Math.Pow(1 - random.NextDouble(), -1 / 1.5) - 1,
        };
        var ticks = Shortest.Ticks + (Spread.Ticks * factor);
        return ticks < Longest.Ticks ? TimeSpan.FromTicks((long)ticks) : Longest;
    }

    private static double Normal(ref SeededRandom random)
    {
        var radius = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
        return radius * Math.Cos(2 * Math.PI * random.NextDouble());
    }
}
