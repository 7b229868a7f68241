using System.Net;
using System.Net.Sockets;
using Hearsay.Protocols;
using Hearsay.Transport;

namespace Hearsay.Tests.Transport;

[Collection(nameof(RunsAlone))]
public sealed class UdpTransportTests
{
    private static readonly IPEndPoint s_anyPort = new(IPAddress.Loopback, 0);

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task A_packet_sent_and_received_costs_no_allocation(int threads)
    {
        const int Exchanges = 20_000;
        var receiving = new ReceiveThreads(threads);
        await using var asker = new UdpTransport(s_anyPort, receiving);
        await using var answerer = new UdpTransport(s_anyPort, receiving);
        answerer.Start(new Echo(answerer, int.MaxValue));
        var echo = new Echo(asker, 2_000);
        asker.Start(echo);
        var first = new Link(answerer.LocalAddress, LinkKind.Datagram);

        // Long enough that tiered compilation has done what allocates.
        Assert.True(asker.TrySend(first, new byte[600]));
        await echo.Done.WaitAsync(Eventually.Deadline, TestContext.Current.CancellationToken);
        echo.Again(Exchanges);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        Assert.True(asker.TrySend(first, new byte[600]));
        await echo.Done.WaitAsync(Eventually.Deadline, TestContext.Current.CancellationToken);
        var perExchange = (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Exchanges;

        Assert.True(perExchange < 5, $"{perExchange:F2} bytes per exchange");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_datagram_that_is_too_long_or_empty_is_refused_and_the_next_one_arrives(int threads)
    {
        await using var transport = new UdpTransport(s_anyPort, new ReceiveThreads(threads));
        var log = new PacketLog();
        transport.Start(log);

        await RawSockets.SendDatagramAsync(transport.LocalAddress, new byte[2_000]);
        await RawSockets.SendDatagramAsync(transport.LocalAddress, new byte[UdpTransport.LongestPacketBytes + 1]);
        await RawSockets.SendDatagramAsync(transport.LocalAddress, []);
        await RawSockets.SendDatagramAsync(transport.LocalAddress, [5]);

        Assert.Equal([5], (await log.NextAsync()).Packet);
        Assert.Equal(3, transport.Counters.ReceivesRefused);
        Assert.Equal(1, transport.Counters.PacketsReceived);
    }

    [Fact]
    public async Task A_dual_stack_transport_speaks_both_families_and_gives_IPv4_its_own_spelling()
    {
        RawSockets.RequireIPv6();
        await using var dual = new UdpTransport(new IPEndPoint(IPAddress.IPv6Any, 0));
        await using var four = new UdpTransport(s_anyPort);
        await using var six = new UdpTransport(new IPEndPoint(IPAddress.IPv6Loopback, 0));
        var (dualLog, fourLog, sixLog) = (new PacketLog(), new PacketLog(), new PacketLog());
        dual.Start(dualLog);
        four.Start(fourLog);
        six.Start(sixLog);

        Assert.True(dual.TrySend(new Link(four.LocalAddress, LinkKind.Datagram), [4]));
        Assert.True(dual.TrySend(new Link(six.LocalAddress, LinkKind.Datagram), [6]));
        var atFour = await fourLog.NextAsync();
        var atSix = await sixLog.NextAsync();
        Assert.True(atFour.From.Address.IsIPv4);
        Assert.False(atSix.From.Address.IsIPv4);

        Assert.True(four.TrySend(atFour.From, [44]));
        Assert.Equal(four.LocalAddress, (await dualLog.NextAsync()).From.Address);
        Assert.True(six.TrySend(atSix.From, [66]));
        Assert.Equal(six.LocalAddress, (await dualLog.NextAsync()).From.Address);
    }

    [Fact]
    public async Task Threads_that_send_at_once_do_not_mix_up_their_targets()
    {
        const int Each = 200;
        await using var sender = new UdpTransport(s_anyPort);
        sender.Start(new PacketLog());
        var receivers = Enumerable.Range(0, 4).Select(_ => new UdpTransport(s_anyPort)).ToArray();
        var logs = receivers.Select(_ => new PacketLog()).ToArray();
        for (var i = 0; i < receivers.Length; i++)
        {
            receivers[i].Start(logs[i]);
        }

        Parallel.For(0, receivers.Length, i =>
        {
            for (var n = 0; n < Each; n++)
            {
                sender.TrySend(new Link(receivers[i].LocalAddress, LinkKind.Datagram), [(byte)i]);
            }
        });

        for (var i = 0; i < receivers.Length; i++)
        {
            await Eventually.TrueAsync(() => logs[i].Count == Each, "all arrive");
            Assert.All(logs[i].Packets, packet => Assert.Equal([(byte)i], packet.Packet));
            await receivers[i].DisposeAsync();
        }
    }

    /// <summary>Answers each packet, a number of times.</summary>
    private sealed class Echo(UdpTransport transport, int count) : IPacketReceiver
    {
        private TaskCompletionSource _done = new();
        private int _left = count;

        public Task Done => _done.Task;

        public void Again(int more) => (_left, _done) = (more, new TaskCompletionSource());

        public void OnPacket(in Link from, ReadOnlySpan<byte> packet)
        {
            if (--_left > 0)
            {
                transport.TrySend(from, packet);
            }
            else
            {
                _done.TrySetResult();
            }
        }
    }
}
