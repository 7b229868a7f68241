using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Hearsay.Benchmarks.Live;

/// <summary>
/// Bare UDP sockets that forward the same bytes along a tree of three children a node: the least that broadcast can
/// cost. A publisher waits while 64 of its messages have not reached all, so that no buffer overflows.
/// </summary>
internal sealed class FloorStream : IStream
{
    private const int Children = 3;
    private const int Window = 64;

    private readonly Socket[] _sockets;
    private readonly SocketAddress[] _addresses;
    private readonly SemaphoreSlim[] _windows;
    private readonly int[] _owed;
    private long _deliveries;
    private long _packets;

    public FloorStream(int nodes)
    {
        _sockets = [.. Enumerable.Range(0, nodes).Select(static _ => Bound())];
        _addresses = [.. _sockets.Select(static socket => socket.LocalEndPoint!.Serialize())];
        _windows = [.. _sockets.Select(static _ => new SemaphoreSlim(Window))];
        _owed = new int[nodes];
        for (var i = 0; i < nodes; i++)
        {
            _ = ReceiveAsync(i);
        }
    }

    public long Deliveries => Interlocked.Read(ref _deliveries);

    public long Missed => 0;

    public long Packets => Interlocked.Read(ref _packets);

    public async ValueTask PublishAsync(int node, byte[] payload)
    {
        await _windows[node].WaitAsync();
        BinaryPrimitives.WriteInt32LittleEndian(payload, node);
        Forward(node, node, payload);
    }

    public ValueTask DisposeAsync()
    {
        Array.ForEach(_sockets, static socket => socket.Dispose());
        return ValueTask.CompletedTask;
    }

    private static Socket Bound()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp)
        {
            ReceiveBufferSize = 4 << 20,
        };
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private async Task ReceiveAsync(int node)
    {
        var buffer = new byte[2_048];
        var from = new SocketAddress(AddressFamily.InterNetwork);
        try
        {
            while (true)
            {
                var length = await _sockets[node].ReceiveFromAsync(buffer, SocketFlags.None, from);
                Take(node, buffer.AsSpan(0, length));
            }
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
        {
        }
    }

    private void Take(int node, ReadOnlySpan<byte> payload)
    {
        Interlocked.Increment(ref _deliveries);
        var root = BinaryPrimitives.ReadInt32LittleEndian(payload);
        Forward(node, root, payload);
        if (Interlocked.Increment(ref _owed[root]) % (_sockets.Length - 1) == 0)
        {
            _windows[root].Release();
        }
    }

    /// <summary>The tree of a root is the same tree with all numbers shifted by it.</summary>
    private void Forward(int node, int root, ReadOnlySpan<byte> payload)
    {
        var place = (node - root + _sockets.Length) % _sockets.Length;
        for (var child = (Children * place) + 1; child <= Children * (place + 1) && child < _sockets.Length; child++)
        {
            var to = (child + root) % _sockets.Length;
            _sockets[node].SendTo(payload, SocketFlags.None, _addresses[to]);
            Interlocked.Increment(ref _packets);
        }
    }
}
