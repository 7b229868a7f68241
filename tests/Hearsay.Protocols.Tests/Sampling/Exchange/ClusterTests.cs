using Hearsay.Protocols.Sampling.Exchange;
using Hearsay.Simulation;

namespace Hearsay.Protocols.Tests.Sampling.Exchange;

public sealed class ClusterTests
{
    [Fact]
    public void Two_clusters_never_merge_even_when_addresses_are_reused()
    {
        var network = new VirtualNetwork();
        for (var i = 0; i < 80; i++)
        {
            var cluster = i < 40 ? "blue" : "green";
            network.Add(seeds: [VirtualNetwork.AddressOf(i < 40 ? 0 : 40)],
                configure: o => o with { Cluster = cluster });
        }

        network.Run(10 * Swarm.Second);

        // Half of the green nodes die, and blue ones get their addresses.
        for (var i = 1; i <= 20; i++)
        {
            var address = network.Nodes[40 + i].Address;
            network.Kill(network.Nodes[40 + i]);
            network.Kill(network.Nodes[i]);
            network.Restart(network.Nodes[i], o => o with
            {
                Self = new SelfDescription(o.Self.Id, o.Self.Incarnation, new NodeAddresses(address), []),
            });
        }

        network.Run(30 * Swarm.Second);
        var blue = network.Nodes.Take(40).Select(n => n.Core.Self.Id).ToHashSet();
        Assert.All(network.Up(), n => Assert.All(n.View(), p => Assert.Equal(n.Index < 40, blue.Contains(p.Id))));
        Assert.Equal([40, 20], network.Components());
        Assert.True(network.Dropped(DropReason.WrongCluster) > 0);
        Assert.All(network.Nodes, n => Assert.True(
            n.Notices.Count(x => x.Kind == NodeNoticeKind.ClusterRefused) <= 1));
    }

    [Fact]
    public void Another_major_version_is_refused_counted_and_told_once()
    {
        var node = new Lone();
        var packet = node.Request(1, ExchangeMode.Push | ExchangeMode.Pull, NodeId.None, Lone.Of(1));
        packet[1] = 2;
        for (var i = 0; i < 5; i++)
        {
            node.Receive(Lone.From(1), packet);
        }

        Assert.Equal(5, node.Core.Counters.Dropped(DropReason.WrongVersion));
        Assert.Single(node.Notices, n => n.Kind == NodeNoticeKind.VersionRefused);
        Assert.Empty(node.Sent);
        Assert.Equal(0, node.Core.View.Count);
    }

    [Fact]
    public void A_joiner_with_a_misspelt_cluster_is_told_so_by_the_node_it_asks()
    {
        var network = Swarm.Start(3, options: null, cycles: 5);
        var joiner = network.Add(configure: options => options with { Cluster = "defualt" });
        network.Run(TimeSpan.FromMinutes(10));

        var told = joiner.Notices.Where(notice => notice.Kind == NodeNoticeKind.RefusedByCluster).ToList();
        Assert.All(told, notice => Assert.Equal(network.Nodes[0].Address, notice.Address));
        Assert.InRange(told.Count, 2, 5);
        Assert.DoesNotContain(joiner.Notices, notice => notice.Kind == NodeNoticeKind.JoinFailed);
        Assert.Equal(0, joiner.Core.View.Count);
        Assert.Single(network.Nodes[0].Notices, notice => notice.Kind == NodeNoticeKind.ClusterRefused);
    }

    [Fact]
    public void A_flood_of_another_cluster_draws_one_packet_a_second_and_never_more_bytes_than_came()
    {
        var node = new Lone();
        var came = 0;
        for (var i = 0; i < 10_000; i++)
        {
            var packet = Lone.Packet(
                Lone.Id(9), SamplingMessage.Request,
                b => b.UInt64((ulong)(5_000 + i)).Id(NodeId.None).Byte((byte)ExchangeMode.Join).Byte(0),
                cluster: "other");
            var before = node.Sent.Count;
            node.Receive(Lone.From(9 + (i % 3)), packet);
            Assert.True(node.Sent.Skip(before).Sum(sent => sent.Packet.Length) <= packet.Length);
            came += packet.Length;
            node.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.InRange(node.Sent.Count, 9, 11);
        Assert.Equal(10_000, node.Core.Counters.Dropped(DropReason.WrongCluster));
        Assert.Single(node.Notices, notice => notice.Kind == NodeNoticeKind.ClusterRefused);
    }

    [Theory]
    [InlineData(SamplingMessage.Reply)]
    [InlineData(SamplingMessage.Refusal)]
    [InlineData(SamplingMessage.Leave)]
    [InlineData(SamplingMessage.MetadataRequest)]
    [InlineData(SamplingMessage.Walk)]
    public void Nothing_but_a_request_is_refused_so_that_refusals_cannot_go_in_circles(byte type)
    {
        var node = new Lone();
        node.Receive(Lone.From(9), Lone.Packet(Lone.Id(9), type, b => b.Zeros(60), cluster: "other"));
        Assert.Empty(node.Sent);
    }

    [Fact]
    public void A_refusal_is_believed_only_by_who_waits_for_an_answer()
    {
        var node = new Lone();
        node.Core.Contact(node.Now, [Lone.At(9)]);
        var nonce = Swarm.ReadExchange(node.Sent[^1].Packet).Nonce;
        byte[] Refusal(ulong number) => Lone.Packet(Lone.Id(9), SamplingMessage.Refusal, b => b
            .UInt64(number).Byte((byte)RefusalReason.OtherCluster).UInt64(0));
        node.Receive(Lone.From(9), Refusal(nonce + 1));
        Assert.Empty(node.Notices);
        node.Receive(Lone.From(9), Refusal(nonce));
        Assert.Single(node.Notices, notice => notice.Kind == NodeNoticeKind.RefusedByCluster);
        node.Receive(Lone.From(9), Refusal(nonce));
        Assert.Equal(2, node.Core.Counters.Dropped(DropReason.Unsolicited));
    }

    [Fact]
    public void A_partner_whose_address_went_to_another_cluster_leaves_the_view_at_once()
    {
        var node = new Lone();
        node.Push(1);
        node.Sent.Clear();
        node.BeginCycle();
        var nonce = Swarm.ReadExchange(node.Sent[0].Packet).Nonce;
        node.Receive(Lone.From(1), Lone.Packet(Lone.Id(77), SamplingMessage.Refusal, b => b
            .UInt64(nonce).Byte((byte)RefusalReason.OtherCluster).UInt64(0)));
        Assert.False(node.Knows(1));
        Assert.Equal(1, node.Core.Counters.ExchangesMisdirected);
        Assert.Equal(0, node.Core.Counters.ExchangesTimedOut);
    }
}
