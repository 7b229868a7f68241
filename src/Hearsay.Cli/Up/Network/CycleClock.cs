using System.Diagnostics;

namespace Hearsay.Cli.Up.Network;

/// <summary>Time in cycles since a moment.</summary>
internal sealed class CycleClock(TimeSpan cycleTime)
{
    private readonly long _start = Stopwatch.GetTimestamp();

    /// <summary>Cycle times that have passed.</summary>
    public double Elapsed => Stopwatch.GetElapsedTime(_start) / cycleTime;

    /// <summary>Waits for a moment; returns at once if it has passed.</summary>
    public async Task WaitUntilAsync(double cycles, CancellationToken cancellation)
    {
        var wait = (cycles * cycleTime) - Stopwatch.GetElapsedTime(_start);
        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)), cancellation)
                .ConfigureAwait(false);
        }

        cancellation.ThrowIfCancellationRequested();
    }
}
