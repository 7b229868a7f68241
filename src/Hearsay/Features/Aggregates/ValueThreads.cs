using Hearsay.Threads;

namespace Hearsay.Features.Aggregates;

/// <summary>
/// The threads on which applications are asked for their values: neither the event loop's nor the thread pool's, so
/// that callbacks that block hold up nothing but themselves. There are as many as callbacks that run at a time, and a
/// thread without work ends after a while.
/// </summary>
/// <remarks>
/// Shared by all nodes of the process: values that come at once, as most do, need one or two threads however many nodes
/// there are. How many callbacks of one node may be under way is bounded by <see cref="AggregateService"/>, so that one
/// node whose callbacks hang does not take all threads.
/// </remarks>
/// <param name="maximumThreads">The most threads.</param>
/// <param name="maximumWaiting">The most claims that wait.</param>
/// <param name="patience">How long a thread waits for work.</param>
/// <param name="threads">Starts the threads; null for the process's.</param>
internal sealed class ValueThreads(
    int maximumThreads, int maximumWaiting, TimeSpan patience, ThreadStarter? threads = null)
{
    /// <summary>Callbacks that run at the same time in a process; more wait for one to return.</summary>
    public const int MaximumThreads = 256;

    /// <summary>Callbacks that may wait; each claim waits at most once.</summary>
    public const int MaximumWaiting = 1 << 16;

    /// <summary>Those of the process.</summary>
    public static ValueThreads Shared { get; } = new(MaximumThreads, MaximumWaiting, TimeSpan.FromSeconds(10));

    private readonly ThreadStarter _starter = threads ?? ThreadStarter.OfProcess;

    /// <summary>An object, as threads wait for it to be pulsed.</summary>
    private readonly object _gate = new();
    private readonly Queue<ValueClaim> _waiting = new();

    /// <summary>Threads that wait for work.</summary>
    private int _idle;
    private int _threads;

    /// <summary>How many threads there are.</summary>
    public int Threads
    {
        get
        {
            lock (_gate)
            {
                return _threads;
            }
        }
    }

    /// <summary>Has a claim read on a thread of its own as soon as there is one. Returns at once.</summary>
    /// <returns>False if too many wait, or there is no thread and none can be started now.</returns>
    public bool TryRead(ValueClaim claim)
    {
        lock (_gate)
        {
            if (_waiting.Count == maximumWaiting || !TryHaveThread())
            {
                return false;
            }

            _waiting.Enqueue(claim);
            Monitor.Pulse(_gate);
            return true;
        }
    }

    /// <summary>
    /// The gate is held: there is a thread for one claim more, or one that comes to it later. A thread that starts
    /// waits for the gate, and inherits nothing of what flows where the loop happens to run.
    /// </summary>
    private bool TryHaveThread()
    {
        if (_waiting.Count >= _idle && _threads < maximumThreads
            && _starter.TryStart(Work, "Hearsay values") is not null)
        {
            _threads++;
        }

        return _threads > 0;
    }

    private void Work()
    {
        while (TryTake() is { } claim)
        {
            claim.Read();
        }
    }

    private ValueClaim? TryTake()
    {
        lock (_gate)
        {
            while (_waiting.Count == 0)
            {
                _idle++;
                var isWoken = Monitor.Wait(_gate, patience);
                _idle--;
                if (!isWoken && _waiting.Count == 0)
                {
                    _threads--;
                    return null;
                }
            }

            return _waiting.Dequeue();
        }
    }
}
