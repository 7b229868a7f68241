using System.Diagnostics;
using Hearsay.Lab;

namespace Hearsay.Cli.Lab;

/// <summary>
/// Progress with the time left on standard error, for whatever takes over two seconds: one line that is written over
/// in a terminal, a line every few seconds elsewhere.
/// </summary>
internal sealed class ProgressLine(TextWriter error, string what) : ILabProgress, IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_refresh = TimeSpan.FromMilliseconds(200);

    private readonly Lock _lock = new();
    private readonly bool _rewrites = error == Console.Error && !Console.IsErrorRedirected;
    private readonly long _start = Stopwatch.GetTimestamp();
    private long _last;
    private double _share;

    /// <inheritdoc/>
    public void Report(double share)
    {
        lock (_lock)
        {
            _share = Math.Max(_share, share);
            var elapsed = Stopwatch.GetElapsedTime(_start);
            var pause = _rewrites ? s_refresh : s_pause;
            if (elapsed < s_patience || (_last != 0 && Stopwatch.GetElapsedTime(_last) < pause) || _share <= 0)
            {
                return;
            }

            _last = Stopwatch.GetTimestamp();
            var left = elapsed * ((1 - _share) / _share);
            var line = $"{what}: {100 * _share:0} %, about {Math.Ceiling(left.TotalSeconds):0} s left";
            if (_rewrites)
            {
                error.Write("\r" + line.PadRight(60));
            }
            else
            {
                error.WriteLine(line);
            }
        }
    }

    /// <summary>Writes a line that stays.</summary>
    public void Say(string line)
    {
        lock (_lock)
        {
            Clear();
            error.WriteLine(line);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            Clear();
        }
    }

    private void Clear()
    {
        if (_rewrites && _last != 0)
        {
            error.Write("\r" + new string(' ', 60) + "\r");
        }
    }
}
