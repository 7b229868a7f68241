namespace Hearsay.Simulation;

/// <summary>
/// Threads that work through one list after another. Who does which item is a matter of timing; the items are such that
/// it does not matter.
/// </summary>
internal sealed class BulkCrew : IDisposable
{
    private const int Chunk = 16;

    private readonly Action<int, int, int> _work;
    private readonly Thread[] _threads;
    private Exception? _failure;
    private int _items;
    private int _next;
    private int _atWork;
    private volatile int _round;
    private volatile bool _stops;

    /// <param name="helpers">Threads beside the caller's own.</param>
    /// <param name="work">Does the items from one index up to another, as one of the workers.</param>
    public BulkCrew(int helpers, Action<int, int, int> work)
    {
        _work = work;
        _threads = new Thread[helpers];
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

        (_items, _next) = (items, 0);
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

    private void WorkOff(int worker)
    {
        try
        {
            var items = _items;
            for (var start = Interlocked.Add(ref _next, Chunk) - Chunk;
                start < items;
                start = Interlocked.Add(ref _next, Chunk) - Chunk)
            {
                _work(worker, start, Math.Min(items, start + Chunk));
            }
        }
        catch (Exception e) when (worker > 0)
        {
            // The caller's own thread throws by itself; a helper hands its failure over.
            _failure = e;
        }
    }
}
