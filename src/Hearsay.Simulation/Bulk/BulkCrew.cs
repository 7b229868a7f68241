namespace Hearsay.Simulation.Bulk;

/// <summary>
/// Threads that work through one list after another. Who does which item is a matter of timing; the items are such that
/// it does not matter.
/// </summary>
/// <remarks>
/// Each begins with a part of its own, the same one of every list, as what it has touched is in its cache; who is done
/// helps the others. Half of what is left of a part is taken at a time: long runs first, so that the items ahead can be
/// fetched, and short ones at the end, so that nobody waits long for the last.
/// </remarks>
internal sealed class BulkCrew : IDisposable
{
    private const int SmallestRun = 8;

    /// <summary>Numbers that different threads write stand on cache lines of their own.</summary>
    private const int LineInts = 16;

    private readonly Action<int, int, int> _work;
    private readonly Thread[] _threads;
    private readonly int[] _next;
    private Exception? _failure;
    private int _items;
    private int _atWork;
    private volatile int _round;
    private volatile bool _stops;

    /// <param name="helpers">Threads beside the caller's own.</param>
    /// <param name="work">Does the items from one index up to another, as one of the workers.</param>
    public BulkCrew(int helpers, Action<int, int, int> work)
    {
        _work = work;
        _threads = new Thread[helpers];
        _next = new int[(helpers + 2) * LineInts];
        for (var i = 0; i < helpers; i++)
        {
            var worker = i + 1;
            _threads[i] = new Thread(() => Help(worker)) { IsBackground = true, Name = $"hearsay-bulk-{worker}" };
            _threads[i].Start();
        }
    }

    /// <summary>Does all items of a list; returns when all are done.</summary>
    public void Do(int items)
    {
        if (_threads.Length == 0)
        {
            _work(0, 0, items);
            return;
        }

        _items = items;
        for (var worker = 0; worker <= _threads.Length; worker++)
        {
            _next[(worker + 1) * LineInts] = PartStart(worker);
        }

        Volatile.Write(ref _atWork, _threads.Length);
        _round++;
        WorkOff(0);
        var wait = default(SpinWait);
        while (Volatile.Read(ref _atWork) != 0)
        {
            wait.SpinOnce(sleep1Threshold: -1);
        }

        if (_failure is not null)
        {
            throw new InvalidOperationException("A worker of the bulk engine failed.", _failure);
        }
    }

    public void Dispose()
    {
        _stops = true;
        foreach (var thread in _threads)
        {
            thread.Join();
        }
    }

    private void Help(int worker)
    {
        var seen = 0;
        while (true)
        {
            var wait = default(SpinWait);
            while (_round == seen)
            {
                if (_stops)
                {
                    return;
                }

                wait.SpinOnce(sleep1Threshold: -1);
            }

            seen++;
            WorkOff(worker);
            Interlocked.Decrement(ref _atWork);
        }
    }

    private int PartStart(int worker) => (int)((long)_items * worker / (_threads.Length + 1));

    private void WorkOff(int worker)
    {
        try
        {
            var workers = _threads.Length + 1;
            for (var i = 0; i < workers; i++)
            {
                WorkOffPart(worker, (worker + i) % workers);
            }
        }
        catch (Exception e) when (worker > 0)
        {
            // The caller's own thread throws by itself; a helper hands its failure over.
            _failure = e;
        }
    }

    private void WorkOffPart(int worker, int part)
    {
        ref var next = ref _next[(part + 1) * LineInts];
        var end = PartStart(part + 1);
        for (var start = Volatile.Read(ref next); start < end;)
        {
            var stop = Math.Min(end, start + Math.Max(SmallestRun, (end - start) / 2));
            var seen = Interlocked.CompareExchange(ref next, stop, start);
            if (seen == start)
            {
                _work(worker, start, stop);
                seen = Volatile.Read(ref next);
            }

            start = seen;
        }
    }
}
