using Hearsay.Protocols;
using Hearsay.Transport;

namespace Hearsay.Tests.Transport;

public sealed class MemoryNetworkTests
{
    [Fact]
    public void New_addresses_are_usable_and_all_different()
    {
        var network = new MemoryNetwork();
        var addresses = Enumerable.Range(0, 1_000).Select(_ => network.NewAddress()).ToArray();

        Assert.Equal(addresses.Length, addresses.Distinct().Count());
        Assert.All(addresses, address => Assert.True(address.IsUsable));
        Assert.Equal("127.0.0.1:7946", addresses[0].ToString());
    }

    [Theory]
    [InlineData(LinkKind.Datagram)]
    [InlineData(LinkKind.Stream)]
    public async Task Nothing_passes_a_cut_until_it_is_mended(LinkKind kind)
    {
        var network = new MemoryNetwork();
        await using var here = Attach(network, kind, out var hereLog);
        await using var near = Attach(network, kind, out var nearLog);
        await using var far = Attach(network, kind, out var farLog);
        network.Partition([here.LocalAddress, near.LocalAddress]);

        Assert.Equal(kind == LinkKind.Datagram, here.TrySend(To(far), [1]));
        Assert.Equal(kind == LinkKind.Datagram, far.TrySend(To(here), [2]));
        Assert.True(here.TrySend(To(near), [3]));
        Assert.Equal([3], (await nearLog.NextAsync()).Packet);

        network.Heal();
        Assert.True(here.TrySend(To(far), [4]));
        Assert.True(far.TrySend(To(here), [5]));
        Assert.Equal([4], (await farLog.NextAsync()).Packet);
        Assert.Equal([5], (await hereLog.NextAsync()).Packet);
    }

    [Fact]
    public async Task Datagrams_are_lost_in_the_given_share_and_the_seed_decides_which()
    {
        var first = await ArrivalsAsync(seed: 7);
        var again = await ArrivalsAsync(seed: 7);
        var other = await ArrivalsAsync(seed: 8);

        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
        // 500 draws of 0.7: mean 350, standard deviation 10; five of them either way.
        Assert.InRange(first.Count, 300, 400);
    }

    [Fact]
    public async Task Streams_lose_nothing()
    {
        var network = new MemoryNetwork(lossShare: 0.9, seed: 1);
        await using var sender = Attach(network, LinkKind.Stream, out _);
        await using var receiver = Attach(network, LinkKind.Stream, out var log);
        for (var i = 0; i < 100; i++)
        {
            Assert.True(sender.TrySend(To(receiver), [1]));
        }

        await Eventually.TrueAsync(() => log.Count == 100, "all arrive");
    }

    [Fact]
    public async Task A_full_inbox_loses_packets_and_counts_them()
    {
        var network = new MemoryNetwork();
        await using var sender = Attach(network, LinkKind.Datagram, out _);
        await using var receiver = new MemoryTransport(network, LinkKind.Datagram, network.NewAddress());
        for (var i = 0; i < MemoryTransport.InboxPackets + 5; i++)
        {
            sender.TrySend(To(receiver), [1]);
        }

        Assert.Equal(5, receiver.Counters.ReceivesFailed);
        var log = new PacketLog();
        receiver.Start(log);
        await Eventually.TrueAsync(() => log.Count == MemoryTransport.InboxPackets, "what was kept arrives");
    }

    [Fact]
    public async Task One_address_has_one_transport_of_each_kind()
    {
        var network = new MemoryNetwork();
        var address = NodeAddress.FromIPv4(0x7F00_0001, 0);
        await using var datagrams = new MemoryTransport(network, LinkKind.Datagram, address);
        await using var streams = new MemoryTransport(network, LinkKind.Stream, datagrams.LocalAddress);

        Assert.Equal(datagrams.LocalAddress, streams.LocalAddress);
        Assert.Throws<IOException>(() => new MemoryTransport(network, LinkKind.Stream, streams.LocalAddress));
        await using var next = new MemoryTransport(network, LinkKind.Datagram, address);
        Assert.NotEqual(datagrams.LocalAddress, next.LocalAddress);
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    public void A_loss_that_is_no_share_is_refused(double share) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new MemoryNetwork(share));

    private static MemoryTransport Attach(MemoryNetwork network, LinkKind kind, out PacketLog log)
    {
        var transport = new MemoryTransport(network, kind, network.NewAddress());
        log = new PacketLog();
        transport.Start(log);
        return transport;
    }

    private static Link To(MemoryTransport target) => new(target.LocalAddress, target.Kind);

    private static async Task<List<int>> ArrivalsAsync(ulong seed)
    {
        var network = new MemoryNetwork(lossShare: 0.3, seed);
        await using var sender = Attach(network, LinkKind.Datagram, out _);
        await using var receiver = Attach(network, LinkKind.Datagram, out var log);
        for (var i = 0; i < 500; i++)
        {
            Assert.True(sender.TrySend(To(receiver), [(byte)(i >> 8), (byte)i]));
        }

        // What is routed is delivered in order, so a last packet that arrives ends the wait.
        while (log.Packets.All(packet => packet.Packet.Length != 1))
        {
            sender.TrySend(To(receiver), [255]);
            await Task.Yield();
        }

        return [.. from packet in log.Packets
                   where packet.Packet.Length == 2
                   select (packet.Packet[0] << 8) + packet.Packet[1]];
    }
}
