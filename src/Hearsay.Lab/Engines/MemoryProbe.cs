using System.Diagnostics;
using Hearsay.Protocols;

namespace Hearsay.Lab;

/// <summary>
/// What the memory of this machine allows: for each node read and write its 240 bytes and those of one random node, on
/// one thread, and nothing else. Rates of exchanges mean something on another machine only beside it.
/// </summary>
internal static class MemoryProbe
{
    private const int WordsPerView = 240 / sizeof(ulong);
    private static readonly TimeSpan s_shortest = TimeSpan.FromMilliseconds(150);

    /// <summary>Pairs of views read and written per second.</summary>
    public static double Measure(int nodes)
    {
        var views = new ulong[(long)nodes * WordsPerView];
        var random = new SeededRandom(1);
        Pass(views, nodes, ref random);
        var (passes, start) = (0L, Stopwatch.GetTimestamp());
        do
        {
            Pass(views, nodes, ref random);
            passes++;
        }
        while (Stopwatch.GetElapsedTime(start) < s_shortest);
        return passes * nodes / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static void Pass(ulong[] views, int nodes, ref SeededRandom random)
    {
        for (var node = 0; node < nodes; node++)
        {
            var own = views.AsSpan(node * WordsPerView, WordsPerView);
            var other = views.AsSpan(random.Below(nodes) * WordsPerView, WordsPerView);
            for (var i = 0; i < WordsPerView; i++)
            {
                (own[i], other[i]) = (other[i] + 1, own[i] + 1);
            }
        }
    }
}
