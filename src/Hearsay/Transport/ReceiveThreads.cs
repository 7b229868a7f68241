using Hearsay.Threads;

namespace Hearsay.Transport;

/// <summary>
/// Whether the sockets of a process receive on threads of their own or on the thread pool: while they are few, each has
/// a thread; while they are more, none has.
/// </summary>
/// <remarks>
/// A thread is woken by the kernel for every packet, which costs a change of context; the pool takes what several
/// sockets hold in one go. Among hundreds of busy sockets the few with threads would cost more than their share, so all
/// change over, each after its next packet: to the pool when there are too many sockets, and back when there are few
/// enough again.
/// </remarks>
/// <param name="capacity">The most sockets that have threads.</param>
internal sealed class ReceiveThreads(int capacity)
{
    /// <summary>
    /// Sockets of a process that have a thread each. An application has one node or a few, and their threads cost
    /// nothing; a process with hundreds is a test bed, for which the pool is cheaper.
    /// </summary>
    public const int MaximumOfProcess = 16;

    private int _sockets;
    private int _taken;

    /// <summary>Those of this process.</summary>
    public static ReceiveThreads OfProcess { get; } = new(MaximumOfProcess);

    /// <summary>How many threads there are.</summary>
    public int Taken => Volatile.Read(ref _taken);

    /// <summary>Whether the sockets are few enough to have threads; asked for every packet.</summary>
    public bool HasRoom => Volatile.Read(ref _sockets) <= capacity;

    /// <summary>A socket begins to receive.</summary>
    public void Enter() => Interlocked.Increment(ref _sockets);

    /// <summary>A socket has been closed.</summary>
    public void Leave() => Interlocked.Decrement(ref _sockets);

    /// <summary>Starts a thread.</summary>
    /// <param name="receive">What it does.</param>
    /// <returns>False if the machine gives this process no more.</returns>
    public bool TryStart(Action receive)
    {
        Interlocked.Increment(ref _taken);
        if (ThreadStarter.OfProcess.TryStart(() => Run(receive), "Hearsay datagrams") is not null)
        {
            return true;
        }

        Interlocked.Decrement(ref _taken);
        return false;
    }

    private void Run(Action receive)
    {
        try
        {
            receive();
        }
        finally
        {
            Interlocked.Decrement(ref _taken);
        }
    }
}
