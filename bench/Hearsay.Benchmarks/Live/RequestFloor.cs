using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Hearsay.Benchmarks.Live;

/// <summary>
/// Two bare UDP sockets, each with a thread that reads it: one sends back what it gets, the other finds by its number
/// who waits for it.
/// </summary>
internal sealed class RequestFloor : IDisposable
{
    private readonly Socket _server = Bound();
    private readonly Socket _client = Bound();
    private readonly SocketAddress _to;
    private readonly int _bytes;
    private readonly Dictionary<long, TaskCompletionSource> _waiting = [];
    private long _last;

    public RequestFloor(int bytes)
    {
        _bytes = Math.Max(bytes, sizeof(long));
        _to = _server.LocalEndPoint!.Serialize();
        new Thread(Serve) { IsBackground = true }.Start();
        new Thread(Receive) { IsBackground = true }.Start();
    }

    public Task AskAsync()
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Span<byte> packet = stackalloc byte[_bytes];
        lock (_waiting)
        {
            _waiting.Add(++_last, done);
            BinaryPrimitives.WriteInt64LittleEndian(packet, _last);
        }

        _client.SendTo(packet, SocketFlags.None, _to);
        return done.Task;
    }

    public void Dispose()
    {
        _server.Dispose();
        _client.Dispose();
    }

    private void Serve() => Read(_server, (packet, from) => _server.SendTo(packet, SocketFlags.None, from));

    private void Receive() => Read(_client, (packet, _) =>
    {
        TaskCompletionSource? done;
        lock (_waiting)
        {
            _waiting.Remove(BinaryPrimitives.ReadInt64LittleEndian(packet), out done);
        }

        done?.SetResult();
    });

    private static void Read(Socket socket, Action<ReadOnlySpan<byte>, SocketAddress> take)
    {
        var buffer = new byte[2_048];
        var from = new SocketAddress(AddressFamily.InterNetwork);
        try
        {
            while (true)
            {
                take(buffer.AsSpan(0, socket.ReceiveFrom(buffer, SocketFlags.None, from)), from);
            }
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
        {
        }
    }

    private static Socket Bound()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }
}
