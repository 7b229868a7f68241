using System.Diagnostics;

namespace Hearsay.Lab.Engines;

/// <summary>Times the memory probe: rates of exchanges mean something on another machine only beside it.</summary>
internal static class ProbeRate
{
    private static readonly TimeSpan s_shortest = TimeSpan.FromMilliseconds(150);

    /// <summary>Pairs of views of 240 bytes read and written per second, on one thread.</summary>
    public static double Measure(int nodes)
    {
        using var probe = new MemoryProbe(nodes);
        var (passes, start) = (0L, Stopwatch.GetTimestamp());
        do
        {
            probe.Run();
            passes++;
        }
        while (Stopwatch.GetElapsedTime(start) < s_shortest);
        return passes * nodes / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
