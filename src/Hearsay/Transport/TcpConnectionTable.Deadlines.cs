namespace Hearsay.Transport;

/// <content>The deadlines: one timer, armed for the earliest.</content>
internal sealed partial class TcpConnectionTable
{
    private ITimer? _timer;

    /// <summary>What the timer is armed for, if there is one.</summary>
    private long _armedFor;

    /// <summary>
    /// Sees to it that the deadlines are looked at no later than at <paramref name="due"/>; lock held.
    /// </summary>
    public void Arm(long due)
    {
        if (_closed || (_timer is not null && _armedFor <= due))
        {
            return;
        }

        // Rounded up: a timer that fires early would find nothing due.
        var milliseconds = Math.Ceiling((due - Now) / (double)TimeSpan.TicksPerMillisecond);
        _armedFor = due;
        _timer ??= NoFlow.Run(CreateTimer);
        _timer.Change(TimeSpan.FromMilliseconds(Math.Max(1, milliseconds)), Timeout.InfiniteTimeSpan);
    }

    private ITimer CreateTimer() => time.CreateTimer(
        static table => ((TcpConnectionTable)table!).Sweep(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    private void Sweep()
    {
        List<TcpConnection> late = [];
        lock (Gate)
        {
            var now = Now;
            var next = long.MaxValue;
            foreach (var connection in _byNumber.Values)
            {
                var due = connection.Deadline;
                if (due > now)
                {
                    next = Math.Min(next, due);
                    continue;
                }

                late.Add(connection);
                if (connection.IsLate(now))
                {
                    Interlocked.Increment(ref counters.ConnectionsRefused);
                }
            }

            // Nothing is armed while this runs: the timer has fired.
            _armedFor = long.MaxValue;
            if (next != long.MaxValue)
            {
                Arm(next);
            }
        }

        foreach (var connection in late)
        {
            connection.Close();
        }
    }
}
