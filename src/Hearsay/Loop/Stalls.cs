using Hearsay.Diagnostics;
using Hearsay.Protocols;

namespace Hearsay.Loop;

/// <summary>
/// What a node does when it comes late: after a stall of the process, of its thread pool or of the machine. It counts,
/// it tells, and it takes the packets that have come meanwhile before it judges who has not answered.
/// </summary>
/// <remarks>Guarded by the loop's gate but for <see cref="Lateness"/> and <see cref="Running"/>.</remarks>
internal sealed class Stalls(DueScheduler scheduler, INodeEvents events)
{
    /// <summary>
    /// How long packets go first: a receiver that is free needs microseconds for what the kernel holds, and a thread
    /// pool that just got going a moment.
    /// </summary>
    public static readonly TimeSpan PacketsFirst = TimeSpan.FromMilliseconds(50);

    /// <summary>A machine that is always late shall not fill the log.</summary>
    private static readonly TimeSpan ReportPause = TimeSpan.FromMinutes(1);

    private long _times;
    private TimeSpan _late;
    private Instant _nextReport = Instant.Zero;

    /// <summary>What the pool had been late by when this node last looked.</summary>
    private (long Stalls, TimeSpan Total) _pool = OfPool(scheduler);

    /// <summary>What was counted.</summary>
    public Lateness Lateness { get; } = new();

    /// <summary>Until when due times wait for packets.</summary>
    public Instant PacketsFirstUntil { get; private set; } = Instant.Zero;

    /// <summary>By how much a loop is late that was to run at a moment and has not; any thread.</summary>
    public TimeSpan Running(Instant armed)
    {
        var late = scheduler.CanBeLate && armed != Instant.Never ? scheduler.Now - armed : TimeSpan.Zero;
        return late > Lateness.Threshold ? late : TimeSpan.Zero;
    }

    /// <summary>The loop was to run at a moment, and does now.</summary>
    public void Woken(Instant armed, Instant now, bool hasOwnThread)
    {
        if (!scheduler.CanBeLate)
        {
            return;
        }

        var (before, pool) = (_pool, OfPool(scheduler));
        _pool = pool;
        if (Lateness.Note(now - armed))
        {
            PacketsFirstUntil = now + PacketsFirst;
            Report(now, 1, now - armed, ofPool: false);
        }
        else if (hasOwnThread && pool.Stalls > before.Stalls)
        {
            Report(now, pool.Stalls - before.Stalls, pool.Total - before.Total, ofPool: true);
        }
    }

    private static (long Stalls, TimeSpan Total) OfPool(DueScheduler scheduler) =>
        scheduler.Pool?.Lateness is { } late ? (late.Stalls, late.Total) : default;

    private void Report(Instant now, long times, TimeSpan late, bool ofPool)
    {
        (_times, _late) = (_times + times, _late + late);
        if (now >= _nextReport)
        {
            events.OnStall(new StallReport(_times, _late, ofPool));
            (_times, _late, _nextReport) = (0, TimeSpan.Zero, now + ReportPause);
        }
    }
}
