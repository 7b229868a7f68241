using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Hearsay.Protocols;
using Hearsay.Threads;
using Hearsay.Transport;

namespace Hearsay.Loop;

/// <summary>
/// The scheduler of the system's clock: one thread of its own for all nodes of the process. On it run the nodes whose
/// datagrams come on a thread of their own too, so an application that keeps every thread of the pool busy holds up
/// none of their cycles. The others it hands to the thread pool, which has more than one processor to offer.
/// </summary>
/// <remarks>
/// A protocol of an application may hang in its handler. Then another thread takes over within two
/// <see cref="PoolWatch.Period"/>s, and the one that hangs ends when it comes back: a hung handler costs its own node
/// and a thread. Where the machine gives this process no thread, everything runs on the pool, until it gives one.
/// </remarks>
internal sealed class ThreadScheduler : DueScheduler
{
    private const double LongestWaitMilliseconds = 60_000;

    /// <summary>A loop runs for microseconds; one that takes this long does not come back.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>How often a thread is asked for that the machine did not give.</summary>
    private static readonly TimeSpan BetweenStarts = TimeSpan.FromSeconds(1);

    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly PoolWatch _pool;
    private readonly ThreadStarter _threads;

    /// <summary>
    /// Guards what follows; the thread waits on it. Taken inside a node's gate, never around one.
    /// </summary>
    private readonly object _gate = new();
    private readonly DueQueue _queue = new();

    /// <summary>Loops that somebody woke; each is in it once, until it runs.</summary>
    private readonly Queue<NodeLoop> _woken = new();

    /// <summary>The thread whose turn it is; null before there was anything to do, or where there is none.</summary>
    private Thread? _thread;

    /// <summary>Hands loops to the pool while there is no thread; null if there was one always.</summary>
    private Timer? _standIn;

    /// <summary>When a thread is asked for again.</summary>
    private Instant _nextStart = Instant.Zero;

    /// <summary>Until when it sleeps; what comes later need not wake it. In the past while it is awake.</summary>
    private Instant _sleepsUntil = Instant.Zero;

    /// <summary>Since when it runs a loop; never if it does not.</summary>
    private Instant _runningSince = Instant.Never;

    /// <summary>A scheduler.</summary>
    /// <param name="threads">Starts the thread; null for the process's.</param>
    public ThreadScheduler(ThreadStarter? threads = null) =>
        (_pool, _threads) = (new PoolWatch(() => Now, Look), threads ?? ThreadStarter.OfProcess);

    /// <inheritdoc/>
    public override Instant Now => new(Stopwatch.GetElapsedTime(_start).Ticks);

    /// <inheritdoc/>
    public override bool CanBeLate => true;

    /// <inheritdoc/>
    public override PoolWatch Pool => _pool;

    /// <inheritdoc/>
    public override void Wake(NodeLoop loop)
    {
        if (!loop.HasOwnThread)
        {
            ThreadPool.UnsafeQueueUserWorkItem(loop, preferLocal: false);
            return;
        }

        lock (_gate)
        {
            _woken.Enqueue(loop);
            Rouse(Instant.Zero);
        }
    }

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
            Rouse(wake);
        }
    }

    /// <summary>Under the gate: the thread is to look again by a moment.</summary>
    private void Rouse(Instant by)
    {
        _pool.Begin();
        if (_thread is null)
        {
            StartThread();
        }
        else if (by < _sleepsUntil)
        {
            _sleepsUntil = Instant.Zero;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Under the gate, for which the new thread waits.</summary>
    private void StartThread()
    {
        _thread = null;
        if (Now >= _nextStart)
        {
            _thread = _threads.TryStart(Run, "Hearsay due times");
            _nextStart = _thread is null ? Now + BetweenStarts : Instant.Zero;
        }

        if (_thread is null)
        {
            StandIn();
        }
    }

    /// <summary>Under the gate, without a thread: what is to run does so on the pool, now and when it is due.</summary>
    private void StandIn()
    {
        while (_woken.TryDequeue(out var loop) || _queue.TryTake(Now, out loop))
        {
            ThreadPool.UnsafeQueueUserWorkItem(loop, preferLocal: false);
        }

        _standIn ??= NoFlow.Run(() => new Timer(
            static self => ((ThreadScheduler)self!).GoOn(), this, Timeout.Infinite, Timeout.Infinite));
        _standIn.Change((long)WaitMilliseconds(Now), Timeout.Infinite);
    }

    private void GoOn()
    {
        lock (_gate)
        {
            if (_thread is null)
            {
                StartThread();
            }
        }
    }

    private void Run()
    {
        while (TryWait(out var loop))
        {
            loop.Run();
        }
    }

    /// <summary>Waits for the next loop to run here; false when another thread has taken over.</summary>
    private bool TryWait([NotNullWhen(true)] out NodeLoop? loop)
    {
        lock (_gate)
        {
            loop = null;
            while (_thread == Thread.CurrentThread)
            {
                var now = Now;
                _pool.AskIfDue();
                if (_woken.TryDequeue(out loop) || TryTakeDue(now, out loop))
                {
                    (_runningSince, _sleepsUntil) = (now, Instant.Zero);
                    return true;
                }

                (_runningSince, _sleepsUntil) = (Instant.Never, _queue.Next);
                Monitor.Wait(_gate, (int)WaitMilliseconds(now));
            }

            return false;
        }
    }

    /// <summary>Rounded up to whole milliseconds: waking early would only mean to wake twice.</summary>
    private double WaitMilliseconds(Instant now) =>
        Math.Min(Math.Ceiling((_queue.Next - now).TotalMilliseconds), LongestWaitMilliseconds);

    /// <summary>Takes a loop that is due and runs here; those before it go to the pool, all at once.</summary>
    private bool TryTakeDue(Instant now, [NotNullWhen(true)] out NodeLoop? loop)
    {
        while (_queue.TryTake(now, out loop) && !loop.HasOwnThread)
        {
            ThreadPool.UnsafeQueueUserWorkItem(loop, preferLocal: false);
        }

        return loop is not null;
    }

    /// <summary>Looks once a second whether the thread hangs.</summary>
    /// <returns>Whether there is anything to look at any more.</returns>
    private bool Look()
    {
        lock (_gate)
        {
            if (_runningSince != Instant.Never && Now - _runningSince > Patience)
            {
                (_runningSince, _sleepsUntil) = (Instant.Never, Instant.Zero);
                StartThread();
            }

            return _queue.Next != Instant.Never || _runningSince != Instant.Never;
        }
    }
}
