using System.Net;
using System.Net.Sockets;
using Hearsay.Protocols;

namespace Hearsay.Transport;

/// <summary>
/// Takes datagrams from a socket until it is closed: on a thread of its own or on the pool, as the number of sockets
/// suggests (<see cref="ReceiveThreads"/>).
/// </summary>
/// <param name="socket">The socket; it does not block.</param>
/// <param name="ipv6">Whether its addresses are of IPv6.</param>
/// <param name="counters">Where packets and errors are counted.</param>
/// <param name="receiver">Who gets the packets.</param>
/// <param name="threads">The threads there are.</param>
internal sealed class UdpReceiver(
    Socket socket, bool ipv6, TransportCounters counters, IPacketReceiver receiver, ReceiveThreads threads)
{
    /// <summary>
    /// One byte more than is allowed shows what is too long. Pinned, because Windows holds it nearly all the time.
    /// </summary>
    private readonly byte[] _buffer =
        GC.AllocateUninitializedArray<byte>(UdpTransport.LongestPacketBytes + 1, pinned: true);

    private readonly SocketAddress _source = SocketAddressCodec.Create(ipv6);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ErrorPace _pace;
    private volatile bool _hasOwnThread;
    private volatile bool _closed;

    /// <summary>Set once if the machine has no more threads: the pool receives from then on.</summary>
    private bool _staysOnPool;

    /// <summary>Whether it receives on a thread of its own now.</summary>
    public bool HasOwnThread => _hasOwnThread;

    /// <summary>Completes when it has been closed and the last packet was delivered.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Begins; once.</summary>
    public void Start()
    {
        threads.Enter();
        GoOn();
    }

    /// <summary>Delivers nothing any more; called before the socket is closed.</summary>
    public void Close() => _closed = true;

    /// <summary>On a thread or the pool from now on; who receives calls it last.</summary>
    private void GoOn()
    {
        if (_closed)
        {
            threads.Leave();
            _ended.SetResult();
            return;
        }

        if (WantsThread)
        {
            _hasOwnThread = true;
            if (threads.TryStart(Run))
            {
                return; // What is here belongs to that thread now.
            }

            _staysOnPool = true;
        }

        _hasOwnThread = false;
        _ = NoFlow.Run(() => Task.Run(RunAsync));
    }

    private bool WantsThread => threads.HasRoom && !_staysOnPool;

    /// <summary>On a thread of its own, while there is room.</summary>
    private void Run()
    {
        while (!_closed && WantsThread)
        {
            try
            {
                // The socket does not block, since it must not when it sends; so this waits, and then there is one.
                if (socket.Poll(Timeout.InfiniteTimeSpan, SelectMode.SelectRead))
                {
                    OnReceived(socket.ReceiveFrom(_buffer, SocketFlags.None, _source));
                }
            }
            catch (ObjectDisposedException)
            {
                Close();
            }
            catch (SocketException error)
            {
                if (IsBroken(error))
                {
                    _pace.FailedOnThread();
                }
            }
        }

        GoOn();
    }

    private async Task RunAsync()
    {
        try
        {
            await ReceiveOnPoolAsync().ConfigureAwait(false);
            GoOn();
        }
        catch (Exception fault)
        {
            _ended.TrySetException(fault); // Nothing known does this. Who disposes the socket gets it.
        }
    }

    /// <summary>While there are too many sockets for threads.</summary>
    private async Task ReceiveOnPoolAsync()
    {
        while (!_closed && !WantsThread)
        {
            try
            {
                // While packets wait this completes at once, so a burst is drained without a wake-up for each.
                OnReceived(await socket.ReceiveFromAsync(_buffer.AsMemory(), SocketFlags.None, _source)
                    .ConfigureAwait(false));
            }
            catch (ObjectDisposedException)
            {
                Close();
            }
            catch (SocketException error)
            {
                if (IsBroken(error))
                {
                    await _pace.Failed().ConfigureAwait(false);
                }
            }
        }
    }

    private void OnReceived(int bytes)
    {
        _pace.Succeeded();
        if (bytes is 0 or > UdpTransport.LongestPacketBytes)
        {
            Interlocked.Increment(ref counters.ReceivesRefused);
        }
        else if (!_closed)
        {
            var from = new Link(SocketAddressCodec.Read(_source), LinkKind.Datagram);
            counters.Deliver(receiver, from, _buffer.AsSpan(0, bytes));
        }
    }

    /// <summary>Counts an error on receiving; true if it may come again at once.</summary>
    private bool IsBroken(SocketException error)
    {
        // What woke a thread may be gone when it looks: a packet with a broken checksum.
        if (_closed || error.SocketErrorCode == SocketError.WouldBlock)
        {
            return false;
        }

        // Windows reports a datagram longer than the buffer as an error.
        var tooLong = error.SocketErrorCode == SocketError.MessageSize;
        Interlocked.Increment(ref tooLong ? ref counters.ReceivesRefused : ref counters.ReceivesFailed);
        return !tooLong;
    }
}
