namespace Hearsay.Threads;

/// <summary>
/// Starts threads of their own for what blocks, or must not wait for the thread pool. A machine may give a process no
/// more threads, for instance where the number of processes of a container is limited. That is an answer here and not
/// an exception, so that nothing waits for a thread that never runs: who asked goes on without one, and tries again.
/// </summary>
/// <remarks>Thread safe. Everything in this project that starts a thread does it here.</remarks>
/// <param name="start">Starts a thread; fails with <see cref="OutOfMemoryException"/> if there are no more.</param>
internal sealed class ThreadStarter(Action<Thread> start)
{
    private long _refused;

    /// <summary>That of this process.</summary>
    public static ThreadStarter OfProcess { get; } = new(static thread => thread.UnsafeStart());

    /// <summary>Threads that could not be started.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>What is told of one.</summary>
    public static string Refusal =>
        "This process gets no more threads. Raise its limit of threads or processes (ulimit -u, pids.max).";

    /// <summary>Starts a thread that does not keep the process alive.</summary>
    /// <param name="run">What it does.</param>
    /// <param name="name">Its name.</param>
    /// <returns>The thread; null if the machine gives this process no more.</returns>
    public Thread? TryStart(Action run, string name)
    {
        var thread = new Thread(() => run()) { IsBackground = true, Name = name };
        try
        {
            start(thread);
            return thread;
        }
        catch (Exception error) when (error is OutOfMemoryException or ThreadStartException)
        {
            Interlocked.Increment(ref _refused);
            return null;
        }
    }
}
