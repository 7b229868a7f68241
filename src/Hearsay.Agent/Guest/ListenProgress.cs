using System.Diagnostics;
using Hearsay.Agent.Shell;

namespace Hearsay.Agent.Guest;

/// <summary>
/// What a listener on a terminal shows while no message comes: how many came, and how long ago the last one. Counted by
/// the reader, read by a timer.
/// </summary>
internal sealed class ListenProgress
{
    private readonly Lock _lock = new();
    private long _last = Stopwatch.GetTimestamp();
    private long _count;

    /// <summary>A message came.</summary>
    public void Count()
    {
        lock (_lock)
        {
            (_count, _last) = (_count + 1, Stopwatch.GetTimestamp());
        }
    }

    /// <summary>One line.</summary>
    public string Text()
    {
        lock (_lock)
        {
            var quiet = $"{Stopwatch.GetElapsedTime(_last).TotalSeconds:0} s";
            return _count == 0
                ? $"no message yet, after {quiet} (Ctrl-C ends it)"
                : $"{Counted.Of(_count, "message")} so far, the last {quiet} ago (Ctrl-C ends it)";
        }
    }
}
