using System.Net;
using System.Net.Sockets;
using Hearsay.Transport;

namespace Hearsay.Tests.Transport;

public sealed class ConnectionAcceptorTests : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public ConnectionAcceptorTests()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(8);
    }

    public void Dispose() => _listener.Dispose();

    [Fact]
    public async Task It_takes_one_connection_after_the_other_whether_they_wait_or_come_later()
    {
        using var acceptor = new ConnectionAcceptor();
        using var early = Connect();
        using var first = await acceptor.NextAsync(_listener);
        Assert.Equal(early.LocalEndPoint, first?.RemoteEndPoint);
        var waiting = acceptor.NextAsync(_listener);
        using var late = Connect();
        using var second = await waiting;
        Assert.Equal(late.LocalEndPoint, second?.RemoteEndPoint);
    }

    [Fact]
    public async Task Where_the_listener_is_closed_it_returns_nothing_and_throws_nothing()
    {
        using var acceptor = new ConnectionAcceptor();
        var waiting = acceptor.NextAsync(_listener);
        _listener.Dispose();
        Assert.Null(await waiting);
        Assert.NotEqual(SocketError.Success, acceptor.SocketError);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => acceptor.NextAsync(_listener));
    }

    private Socket Connect()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(_listener.LocalEndPoint!);
        return socket;
    }
}
