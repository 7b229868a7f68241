using System.Diagnostics;

namespace Hearsay.Benchmarks.Live;

/// <summary>
/// How long this process was kept from running: by how much a timer of its own came late. What a live measurement says
/// beside a machine that is busy with other things can be told from what the nodes did wrong by nothing else.
/// </summary>
internal sealed class Pauses : IDisposable
{
    private static readonly TimeSpan s_apart = TimeSpan.FromMilliseconds(20);

    private readonly Timer _timer;
    private long _lastTicks = Stopwatch.GetTimestamp();
    private long _longestTicks;

    public Pauses() => _timer = new Timer(_ => Tick(), null, s_apart, s_apart);

    /// <summary>The longest since it was asked last.</summary>
    public TimeSpan Longest()
    {
        var longest = Stopwatch.GetElapsedTime(0, Interlocked.Exchange(ref _longestTicks, 0)) - s_apart;
        return longest < TimeSpan.Zero ? TimeSpan.Zero : longest;
    }

    public void Dispose() => _timer.Dispose();

    private void Tick()
    {
        var now = Stopwatch.GetTimestamp();
        var since = now - Interlocked.Exchange(ref _lastTicks, now);
        if (since > Volatile.Read(ref _longestTicks))
        {
            Volatile.Write(ref _longestTicks, since);
        }
    }
}
