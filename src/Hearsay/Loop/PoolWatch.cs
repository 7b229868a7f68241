using Hearsay.Protocols;
using Hearsay.Transport;

namespace Hearsay.Loop;

/// <summary>
/// Asks something of the thread pool once a second while there are nodes, and measures how late it comes: as late as
/// everything else that waits for the pool, the log and the application's own callbacks among it.
/// </summary>
/// <param name="now">The clock.</param>
/// <param name="look">What else to look at then; false if nothing is left to watch.</param>
internal sealed class PoolWatch(Func<Instant> now, Func<bool> look) : IThreadPoolWorkItem
{
    /// <summary>Once a second costs a few hundred-thousandths of a core.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    /// <summary>Guards what follows; taken inside the scheduler's, never around it.</summary>
    private readonly Lock _gate = new();
    private Timer? _timer;
    private bool _runs;

    /// <summary>When it may be asked again.</summary>
    private Instant _askAt = Instant.Zero;

    /// <summary>Since when the pool has been asked; never while it has not.</summary>
    private Instant _askedAt = Instant.Never;

    /// <summary>How late the pool was.</summary>
    public Lateness Lateness { get; } = new();

    /// <summary>By how much it was late in all, and by how much it is late now. Any thread.</summary>
    public TimeSpan TimeLate
    {
        get
        {
            lock (_gate)
            {
                var late = now() - _askedAt;
                return Lateness.Total + (late > Lateness.Threshold ? late : TimeSpan.Zero);
            }
        }
    }

    /// <summary>Watches from now on, if it does not already.</summary>
    public void Begin()
    {
        if (Volatile.Read(ref _runs))
        {
            return;
        }

        lock (_gate)
        {
            if (!_runs)
            {
                _timer ??= NoFlow.Run(() => new Timer(static self => ((PoolWatch)self!).Tick(), this, -1, -1));
                _runs = true;
                _timer.Change(Period, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>
    /// Asks the pool if it has not been asked for a second; for a thread that is not the pool's. A pool that is out of
    /// threads runs no timers either, and would not even be asked.
    /// </summary>
    public void AskIfDue()
    {
        lock (_gate)
        {
            Ask();
        }
    }

    /// <summary>The pool has come to it.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        lock (_gate)
        {
            Lateness.Note(now() - _askedAt);
            _askedAt = Instant.Never;
        }
    }

    /// <summary>Timers go before everything else on the pool: they do not tell how late it is.</summary>
    private void Tick()
    {
        var goesOn = look();
        lock (_gate)
        {
            Ask();
            _runs = goesOn;
            if (goesOn)
            {
                _timer!.Change(Period, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void Ask()
    {
        var moment = now();
        if (_askedAt == Instant.Never && moment >= _askAt)
        {
            (_askedAt, _askAt) = (moment, moment + Period);
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }
}
