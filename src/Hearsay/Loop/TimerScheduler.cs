using Hearsay.Protocols;

namespace Hearsay.Loop;

/// <summary>
/// The scheduler of a clock that an application brings: one timer of that clock, armed for the earliest due time. Loops
/// run on the thread pool.
/// </summary>
internal sealed class TimerScheduler : DueScheduler
{
    private const double LongestWaitMilliseconds = 60_000;

    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly long _start;

    /// <summary>Guards what follows. Taken inside a node's gate, never around one.</summary>
    private readonly Lock _gate = new();
    private readonly DueQueue _queue = new();

    /// <summary>What the timer is armed for.</summary>
    private Instant _armed = Instant.Never;

    public TimerScheduler(TimeProvider time)
    {
        _time = time;
        _start = time.GetTimestamp();
        _timer = time.CreateTimer(static self => ((TimerScheduler)self!).Fire(), this,
            Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <inheritdoc/>
    public override Instant Now => new(_time.GetElapsedTime(_start).Ticks);

    /// <inheritdoc/>
    public override bool CanBeLate => false;

    /// <inheritdoc/>
    public override void Wake(NodeLoop loop) => ThreadPool.UnsafeQueueUserWorkItem(loop, preferLocal: false);

    /// <inheritdoc/>
    public override void Forget(NodeLoop loop)
    {
        lock (_gate)
        {
            _queue.Remove(loop);
        }
    }

    /// <inheritdoc/>
    protected override void Set(NodeLoop loop, Instant wake)
    {
        lock (_gate)
        {
            _queue.Set(loop, wake);
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
            while (_queue.TryTake(now, out var loop))
            {
                Wake(loop);
            }

            _armed = Instant.Never;
            if (_queue.Next != Instant.Never)
            {
                ArmTimer(_queue.Next);
            }
        }
    }

    private void ArmTimer(Instant at)
    {
        _armed = at;
        // A timer rounds down to whole milliseconds; waking early would only mean to wake twice.
        // It looks again at least once a minute, so that a clock that was set back and forth delays nobody for long.
        var milliseconds = Math.Clamp(Math.Ceiling((at - Now).TotalMilliseconds), 0, LongestWaitMilliseconds);
        _timer.Change(TimeSpan.FromMilliseconds(milliseconds), Timeout.InfiniteTimeSpan);
    }
}
