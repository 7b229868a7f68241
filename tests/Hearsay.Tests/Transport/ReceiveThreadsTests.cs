using System.Collections.Concurrent;
using System.Net;
using Hearsay.Protocols;
using Hearsay.Transport;

namespace Hearsay.Tests.Transport;

public sealed class ReceiveThreadsTests
{
    private static readonly IPEndPoint s_anyPort = new(IPAddress.Loopback, 0);

    [Fact]
    public async Task The_first_sockets_have_threads_the_others_the_pool_and_both_receive()
    {
        var threads = new ReceiveThreads(2);
        var sockets = Enumerable.Range(0, 3).Select(_ => new UdpTransport(s_anyPort, threads)).ToArray();
        var heardOn = new ConcurrentDictionary<UdpTransport, bool>();
        foreach (var socket in sockets)
        {
            var log = new PacketLog();
            log.Answer = (_, _) => heardOn[socket] = Thread.CurrentThread.IsThreadPoolThread;
            socket.Start(log);
            Assert.True(sockets[0].TrySend(new Link(socket.LocalAddress, LinkKind.Datagram), [1]));
            await Eventually.TrueAsync(() => heardOn.ContainsKey(socket), "it hears");
        }

        Assert.Equal([true, true, false], sockets.Select(socket => socket.HasOwnThread));
        Assert.Equal([false, false, true], sockets.Select(socket => heardOn[socket]));
        Assert.Equal(2, threads.Taken);
        await Task.WhenAll(sockets.Select(socket => socket.DisposeAsync().AsTask()));
    }

    [Fact]
    public async Task A_thread_is_free_again_when_its_socket_has_closed()
    {
        var threads = new ReceiveThreads(1);
        for (var i = 0; i < 3; i++)
        {
            await using var socket = new UdpTransport(s_anyPort, threads);
            socket.Start(new PacketLog());
            Assert.True(socket.HasOwnThread);
            await using var other = new UdpTransport(s_anyPort, threads);
            other.Start(new PacketLog());
            Assert.False(other.HasOwnThread);
        }

        Assert.Equal(0, threads.Taken);
    }
}
