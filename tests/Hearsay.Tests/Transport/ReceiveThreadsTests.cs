using System.Collections.Concurrent;
using System.Net;
using Hearsay.Protocols;
using Hearsay.Transport;

namespace Hearsay.Tests.Transport;

public sealed class ReceiveThreadsTests
{
    private static readonly IPEndPoint s_anyPort = new(IPAddress.Loopback, 0);

    [Fact]
    public async Task Few_sockets_have_threads_and_all_change_to_the_pool_and_back_as_others_come_and_go()
    {
        var threads = new ReceiveThreads(2);
        var sockets = Enumerable.Range(0, 3).Select(_ => new UdpTransport(s_anyPort, threads)).ToArray();
        var onPool = new ConcurrentDictionary<UdpTransport, bool>();
        foreach (var socket in sockets[..2])
        {
            Start(socket);
            Assert.True(socket.HasOwnThread);
        }

        await AllHearAsync(sockets[..2], onPool: false);
        Assert.Equal(2, threads.Taken);

        Start(sockets[2]);
        Assert.False(sockets[2].HasOwnThread);
        await AllHearAsync(sockets, onPool: true);
        Assert.All(sockets, socket => Assert.False(socket.HasOwnThread));
        await Eventually.TrueAsync(() => threads.Taken == 0, "the threads end");

        await sockets[0].DisposeAsync();
        await AllHearAsync(sockets[1..], onPool: false);
        Assert.Equal(2, threads.Taken);
        await Task.WhenAll(sockets.Select(socket => socket.DisposeAsync().AsTask()));
        Assert.True(SpinWait.SpinUntil(() => threads.Taken == 0, Eventually.Deadline));

        void Start(UdpTransport socket)
        {
            var log = new PacketLog();
            log.Answer = (_, _) => onPool[socket] = Thread.CurrentThread.IsThreadPoolThread;
            socket.Start(log);
        }

        Task AllHearAsync(UdpTransport[] hearers, bool onPool) => Task.WhenAll(hearers.Select(
            socket => HearsAsync(socket, onPool)));

        // The first packet is still taken where the socket receives, those after it where it shall.
        Task HearsAsync(UdpTransport socket, bool pool) => Eventually.TrueAsync(
            () =>
            {
                Assert.True(socket.TrySend(new Link(socket.LocalAddress, LinkKind.Datagram), [1]));
                return onPool.TryGetValue(socket, out var heard) && heard == pool;
            },
            $"it hears on {(pool ? "the pool" : "a thread")}");
    }

    [Fact]
    public async Task No_packet_is_lost_or_overtaken_while_a_socket_changes_over()
    {
        const int Packets = 5_000;
        var threads = new ReceiveThreads(1);
        await using var sender = new UdpTransport(s_anyPort, new ReceiveThreads(0));
        await using var socket = new UdpTransport(s_anyPort, threads);
        var log = new PacketLog();
        var changes = 0;
        log.Answer = (_, _) =>
        {
            // Another socket comes or goes, every few packets.
            if (log.Count % 7 == 0)
            {
                (changes++ % 2 == 0 ? (Action)threads.Enter : threads.Leave)();
            }
        };
        socket.Start(log);
        for (var i = 0; i < Packets; i++)
        {
            Assert.True(sender.TrySend(new Link(socket.LocalAddress, LinkKind.Datagram), BitConverter.GetBytes(i)));
            await Eventually.TrueAsync(() => i - log.Count < 100, "it keeps up");
        }

        await Eventually.TrueAsync(() => log.Count == Packets, "all arrive");
        Assert.Equal(Enumerable.Range(0, Packets), log.Packets.Select(packet => BitConverter.ToInt32(packet.Packet)));
        Assert.True(changes > 100);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_socket_that_is_closed_makes_room_for_another(bool onPool)
    {
        var threads = new ReceiveThreads(onPool ? 0 : 1);
        for (var i = 0; i < 3; i++)
        {
            var socket = new UdpTransport(s_anyPort, threads);
            socket.Start(new PacketLog());
            Assert.Equal(!onPool, socket.HasOwnThread);
            await socket.DisposeAsync().AsTask().WaitAsync(Eventually.Deadline);
        }

        Assert.True(SpinWait.SpinUntil(() => threads.Taken == 0, Eventually.Deadline));
    }
}
