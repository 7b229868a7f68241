using System.Net;
using System.Net.Sockets;

namespace Hearsay.Cli.Up.Floor;

/// <summary>
/// Requests and replies of 600 bytes over UDP sockets on 127.0.0.1, received into one buffer and one socket address per
/// socket, with nothing done with the bytes: the least an exchange over sockets can cost.
/// </summary>
internal sealed class BareSockets : IAsyncDisposable
{
    private const int PacketBytes = 600;
    private const byte Request = 1;
    private const byte Reply = 2;
    private static readonly TimeSpan s_lost = TimeSpan.FromMilliseconds(250);

    private readonly Socket[] _sockets;
    private readonly SocketAddress[] _addresses;
    private readonly long[] _completed;
    private readonly Task[] _receiving;
    private readonly Timer _watch;
    private readonly long[] _seen;
    private volatile int _clients;
    private volatile bool _closed;

    /// <summary>Binds the sockets; they answer from now on.</summary>
    public BareSockets(int count)
    {
        _sockets = Enumerable.Range(0, count).Select(_ => Bind()).ToArray();
        _addresses = Array.ConvertAll(_sockets, socket => ((IPEndPoint)socket.LocalEndPoint!).Serialize());
        (_completed, _seen) = (new long[count], new long[count]);
        _receiving = Enumerable.Range(0, count).Select(index => Task.Run(() => ReceiveAsync(index))).ToArray();
        _watch = new Timer(_ => SendLostAgain(), null, s_lost, s_lost);
    }

    /// <summary>Replies received.</summary>
    public long Completed => _completed.Sum();

    /// <summary>Lets so many sockets each have one request in flight until <see cref="Stop"/>.</summary>
    public void Start(int clients)
    {
        _clients = clients;
        for (var client = 0; client < clients; client++)
        {
            SendRequest(client, new byte[PacketBytes]);
        }
    }

    /// <summary>No further requests.</summary>
    public void Stop() => _clients = 0;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _closed = true;
        await _watch.DisposeAsync().ConfigureAwait(false);
        Array.ForEach(_sockets, socket => socket.Dispose());
        await Task.WhenAll(_receiving).ConfigureAwait(false);
    }

    private static Socket Bind()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private async Task ReceiveAsync(int index)
    {
        var (socket, source) = (_sockets[index], new SocketAddress(AddressFamily.InterNetwork));
        var buffer = GC.AllocateUninitializedArray<byte>(PacketBytes, pinned: true);
        while (!_closed)
        {
            try
            {
                await socket.ReceiveFromAsync(buffer.AsMemory(), SocketFlags.None, source).ConfigureAwait(false);
                if (buffer[0] == Request)
                {
                    buffer[0] = Reply;
                    socket.SendTo(buffer, SocketFlags.None, source);
                }
                else
                {
                    _completed[index]++;
                    if (index < _clients)
                    {
                        SendRequest(index, buffer);
                    }
                }
            }
            catch (Exception fault) when (fault is SocketException or ObjectDisposedException)
            {
                // A full buffer loses the packet; a closed socket ends the loop.
            }
        }
    }

    private void SendRequest(int index, byte[] buffer)
    {
        var target = Random.Shared.Next(_sockets.Length - 1);
        buffer[0] = Request;
        _sockets[index].SendTo(buffer, SocketFlags.None, _addresses[target < index ? target : target + 1]);
    }

    private void SendLostAgain()
    {
        for (var client = 0; client < _clients && !_closed; client++)
        {
            if (_seen[client] == _completed[client])
            {
                SendRequest(client, new byte[PacketBytes]);
            }

            _seen[client] = _completed[client];
        }
    }
}
