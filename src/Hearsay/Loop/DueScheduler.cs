using Hearsay.Protocols;

namespace Hearsay.Loop;

/// <summary>
/// Wakes node loops when something is due: one timer for all nodes of a process that share a clock, armed for the
/// earliest due time. Nodes round their due times up to a grid, so those that are due nearly together cost one wake-up
/// together; a tick that runs whether anything is due or not would cost more than the packets.
/// </summary>
internal sealed class DueScheduler
{
    private const double LongestWaitMilliseconds = 60_000;

    private static readonly DueScheduler s_system = new(TimeProvider.System);

    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly long _start;

    /// <summary>Guards what follows. Taken inside a node's gate, never around one.</summary>
    private readonly Lock _gate = new();

    /// <summary>Armed loops by due time; an entry whose loop was armed earlier since is stale and skipped.</summary>
    private readonly PriorityQueue<NodeLoop, Instant> _queue = new();

    /// <summary>Loops taken out of the queue by the timer; reused.</summary>
    private readonly List<NodeLoop> _due = [];

    /// <summary>What the timer is armed for.</summary>
    private Instant _armed = Instant.Never;

    private DueScheduler(TimeProvider time)
    {
        _time = time;
        _start = time.GetTimestamp();
        _timer = time.CreateTimer(static self => ((DueScheduler)self!).Fire(), this,
            Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The present moment on this scheduler's clock.</summary>
    public Instant Now => new(_time.GetElapsedTime(_start).Ticks);

    /// <summary>The scheduler for a clock: one for the whole process for the system's, else a new one.</summary>
    public static DueScheduler For(TimeProvider time) => time == TimeProvider.System ? s_system : new(time);

    /// <summary>Wakes a loop at a moment. Later calls only make it earlier.</summary>
    /// <param name="loop">The loop; its gate is held by the caller.</param>
    /// <param name="wake">When; <see cref="Instant.Never"/> for not at all.</param>
    public void Arm(NodeLoop loop, Instant wake)
    {
        if (wake >= loop.Armed)
        {
            return;
        }

        loop.Armed = wake;
        lock (_gate)
        {
            _queue.Enqueue(loop, wake);
            if (wake < _armed)
            {
                ArmTimer(wake);
            }
        }
    }

    private void Fire()
    {
        lock (_gate)
        {
            var now = Now;
            _due.Clear();
            while (_queue.TryPeek(out var loop, out var at) && at <= now)
            {
                _queue.Dequeue();
                _due.Add(loop);
            }

            _armed = Instant.Never;
            if (_queue.TryPeek(out _, out var next))
            {
                ArmTimer(next);
            }

            foreach (var loop in _due)
            {
                loop.Wake();
            }
        }
    }

    private void ArmTimer(Instant at)
    {
        _armed = at;
        var wait = at - Now;
        // A timer rounds down to whole milliseconds; waking early would only mean to wake twice.
        // It looks again at least once a minute, so that a clock that was set back and forth delays nobody for long.
        var milliseconds = Math.Clamp(Math.Ceiling(wait.TotalMilliseconds), 0, LongestWaitMilliseconds);
        _timer.Change(TimeSpan.FromMilliseconds(milliseconds), Timeout.InfiniteTimeSpan);
    }
}
