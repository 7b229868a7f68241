namespace Hearsay.Transport;

/// <summary>
/// The threads on which sockets receive, as far as there are any: the first sockets to start have one each, the others
/// receive on the thread pool.
/// </summary>
/// <param name="capacity">The most threads at a time.</param>
internal sealed class ReceiveThreads(int capacity)
{
    /// <summary>
    /// Sockets of a process that have a thread of their own. An application has one node or a few, and their threads
    /// cost nothing; a process with hundreds is a test bed, for which the pool is cheaper.
    /// </summary>
    public const int MaximumOfProcess = 16;

    private int _taken;

    /// <summary>Those of this process.</summary>
    public static ReceiveThreads OfProcess { get; } = new(MaximumOfProcess);

    /// <summary>How many are taken.</summary>
    public int Taken => Volatile.Read(ref _taken);

    /// <summary>Starts a thread.</summary>
    /// <param name="receive">What it does until the socket is closed.</param>
    /// <returns>Completes when the thread ends; null if there are none left.</returns>
    public Task? TryStart(Action receive)
    {
        if (Interlocked.Increment(ref _taken) > capacity)
        {
            Interlocked.Decrement(ref _taken);
            return null;
        }

        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() => Run(receive, ended)) { IsBackground = true, Name = "Hearsay datagrams" };
        try
        {
            thread.UnsafeStart();
            return ended.Task;
        }
        catch (OutOfMemoryException)
        {
            // The machine gives this process no more threads. The pool receives as well.
            Interlocked.Decrement(ref _taken);
            return null;
        }
    }

    private void Run(Action receive, TaskCompletionSource ended)
    {
        try
        {
            receive();
        }
        finally
        {
            Interlocked.Decrement(ref _taken);
            ended.SetResult();
        }
    }
}
