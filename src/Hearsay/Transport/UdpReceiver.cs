using System.Net;
using System.Net.Sockets;
using Hearsay.Protocols;

namespace Hearsay.Transport;

/// <summary>Takes datagrams from a socket until it is closed: on a thread of its own, or on the pool.</summary>
/// <param name="socket">The socket; it does not block.</param>
/// <param name="ipv6">Whether its addresses are of IPv6.</param>
/// <param name="counters">Where packets and errors are counted.</param>
/// <param name="receiver">Who gets the packets.</param>
internal sealed class UdpReceiver(Socket socket, bool ipv6, TransportCounters counters, IPacketReceiver receiver)
{
    /// <summary>
    /// One byte more than is allowed shows what is too long. Pinned, because Windows holds it nearly all the time.
    /// </summary>
    private readonly byte[] _buffer =
        GC.AllocateUninitializedArray<byte>(UdpTransport.LongestPacketBytes + 1, pinned: true);

    private readonly SocketAddress _source = SocketAddressCodec.Create(ipv6);
    private ErrorPace _pace;
    private volatile bool _closed;

    /// <summary>Delivers nothing any more; called before the socket is closed.</summary>
    public void Close() => _closed = true;

    /// <summary>On the caller's thread, until closed.</summary>
    public void Run()
    {
        while (!_closed)
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
                return;
            }
            catch (SocketException error)
            {
                if (IsBroken(error))
                {
                    _pace.FailedOnThread();
                }
            }
        }
    }

    /// <summary>On the thread pool, until closed.</summary>
    public async Task RunAsync()
    {
        while (!_closed)
        {
            try
            {
                // While packets wait this completes at once, so a burst is drained without a wake-up for each.
                OnReceived(await socket.ReceiveFromAsync(_buffer.AsMemory(), SocketFlags.None, _source)
                    .ConfigureAwait(false));
            }
            catch (ObjectDisposedException)
            {
                return;
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
