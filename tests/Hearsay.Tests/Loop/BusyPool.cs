using System.Diagnostics;
using Hearsay.Tests.Transport;

namespace Hearsay.Tests.Loop;

/// <summary>
/// Keeps the thread pool of this process busy until disposed, as an application does that blocks in its handlers. A
/// test that uses it awaits nothing.
/// </summary>
internal sealed class BusyPool : IDisposable
{
    /// <summary>More than the pool makes threads for in minutes.</summary>
    private const int BlockedItems = 300;

    private readonly ManualResetEvent _end = new(false);
    private readonly CountdownEvent _left = new(BlockedItems);
    private int _canaryRan;

    public BusyPool()
    {
        for (var i = 0; i < BlockedItems; i++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(_ => Block(), null);
        }

        ThreadPool.UnsafeQueueUserWorkItem(_ => Volatile.Write(ref _canaryRan, 1), null);
    }

    /// <summary>Whether nothing that was asked of the pool since has been done.</summary>
    public bool IsBusy => Volatile.Read(ref _canaryRan) == 0;

    /// <summary>Waits for a condition without the pool.</summary>
    public static void Until(Func<bool> condition, string what)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(watch.Elapsed < Eventually.Deadline, $"Not in time: {what}");
            Thread.Sleep(10);
        }
    }

    public void Dispose()
    {
        _end.Set();
        _left.Wait(Eventually.Deadline);
        Until(() => !IsBusy, "the pool goes on");
        _end.Dispose();
        _left.Dispose();
    }

    private void Block()
    {
        _end.WaitOne();
        _left.Signal();
    }
}
