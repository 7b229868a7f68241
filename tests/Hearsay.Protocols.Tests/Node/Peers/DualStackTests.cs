using Hearsay.Protocols.Neighbours;
using Hearsay.Protocols.Sampling.Exchange;
using Hearsay.Simulation;

namespace Hearsay.Protocols.Tests.Node.Peers;

/// <summary>Peers with an address of each family, one of which may lead nowhere.</summary>
public sealed class DualStackTests
{
    private static readonly PeerSamplingOptions _quick =
        PeerSamplingOptions.Recommended with { Jitter = 0, RecontactCycles = 100_000 };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_network_whose_hosts_have_both_families_and_reach_each_other_over_one_is_whole(bool deadIsIPv4)
    {
        var network = Start(40, seedIsIPv4: !deadIsIPv4);
        network.Reaches = (_, to) => to.IsIPv4 != deadIsIPv4;
        network.Run(30 * Swarm.Second);
        Assert.Equal([40], network.Components());
        Assert.All(network.Nodes, node => Assert.Equal(30, node.View().Length));
        Assert.All(network.Nodes, node => Assert.Equal(0, node.Core.Counters.Evictions));
    }

    [Fact]
    public void The_dead_family_is_not_tried_for_ever()
    {
        var network = Start(40, seedIsIPv4: false);
        network.Reaches = (_, to) => !to.IsIPv4;
        network.Run(30 * Swarm.Second);
        var before = network.Nodes.Sum(node => node.Core.Counters.ExchangesTimedOut);
        network.Run(30 * Swarm.Second);
        Assert.Equal(before, network.Nodes.Sum(node => node.Core.Counters.ExchangesTimedOut));
    }

    [Fact]
    public void A_family_that_dies_in_a_running_network_costs_no_peer()
    {
        var network = Start(40, seedIsIPv4: true);
        network.Run(20 * Swarm.Second);
        Assert.All(network.Nodes, node => Assert.Equal(0, node.Core.Counters.Reroutes));
        network.Reaches = (_, to) => !to.IsIPv4;
        network.Run(40 * Swarm.Second);
        Assert.Equal([40], network.Components());
        Assert.All(network.Nodes, node => Assert.InRange(node.View().Length, 28, 30));
        Assert.All(network.Nodes, node => Assert.InRange(node.Core.Counters.Reroutes, 1, 39));
        network.Run(200 * Swarm.Second);
        Assert.All(network.Nodes.SelectMany(node => node.View()), peer => Assert.False(peer.Address.IsIPv4));
    }

    [Fact]
    public void Peers_of_one_site_answer_over_one_family_and_those_of_the_other_over_the_other()
    {
        var network = Start(60, seedIsIPv4: true);
        MakeSites(network);
        network.Run(120 * Swarm.Second);
        Assert.Equal([60], network.Components());
        Assert.All(network.Nodes, node => Assert.InRange(node.View().Length, 28, 30));
        var (started, timedOut) = Exchanges(network);
        network.Run(30 * Swarm.Second);
        var (startedSince, timedOutSince) = Exchanges(network);
        var share = (timedOutSince - timedOut) / (double)(startedSince - started);
        Swarm.Say($"{share:P1} of the exchanges time out once everybody was met");
        Assert.InRange(share, 0, 0.05);
    }

    [Fact]
    public void Links_of_stable_neighbours_come_up_and_stay_over_whichever_family_leads_to_the_peer()
    {
        var network = new VirtualNetwork();
        var neighbours = Enumerable.Range(0, 60).Select(_ => new NeighboursProtocol()).ToArray();
        for (var i = 0; i < 60; i++)
        {
            var protocol = neighbours[i];
            network.Add(_quick, [IPv4(0)], options => Dual(i)(options) with { Protocols = [protocol] });
        }

        MakeSites(network);
        network.Run(60 * Swarm.Second);
        Assert.All(neighbours, protocol => Assert.InRange(protocol.Count, 4, 5));
        var across = neighbours.Select((protocol, index) => LinksAcross(protocol, network.Nodes[index], network)).Sum();
        Assert.InRange(across, 60, 240);
        var failed = neighbours.Sum(protocol => protocol.Counters.Failures);
        network.Run(120 * Swarm.Second);
        Assert.Equal(failed, neighbours.Sum(protocol => protocol.Counters.Failures));
    }

    [Fact]
    [Campaign]
    public void With_loss_and_a_dead_family_links_fail_hardly_more_often_than_with_one_family()
    {
        var (one, two) = (FailedLinks(dual: false), FailedLinks(dual: true));
        Swarm.Say($"{one} links failed with one family, {two} with a dead second one");
        Assert.InRange(two, 0, one + 15);
    }

    [Fact]
    public void Dead_peers_with_two_addresses_vanish_nearly_as_fast_as_those_with_one()
    {
        var (one, two) = (CyclesToHeal(dual: false), CyclesToHeal(dual: true));
        Swarm.Say($"gone after {one} cycles with one address, {two} with two");
        Assert.InRange(two, 1, one + 6);
    }

    [Fact]
    public void A_time_out_leads_to_the_other_address_in_the_same_cycle_and_keeps_the_peer()
    {
        var node = WithDualPeer();
        node.BeginCycle();
        Assert.Equal(IPv4(1), node.Sent[^1].To.Address);
        node.Advance(TimeSpan.FromMilliseconds(251));
        Assert.Equal(IPv6(1), node.Sent[^1].To.Address);
        Assert.True(node.Knows(1));
        Assert.Equal((0, 1), (node.Core.Counters.Evictions, node.Core.Counters.Reroutes));
        Answer(node, 1, IPv6(1));
        node.BeginCycle();
        Assert.Equal(IPv6(1), node.Sent[^1].To.Address);
    }

    [Fact]
    public void A_peer_that_answers_at_neither_address_leaves_the_view()
    {
        var node = WithDualPeer();
        node.BeginCycle();
        node.Advance(TimeSpan.FromMilliseconds(499));
        Assert.True(node.Knows(1));
        node.Advance(TimeSpan.FromMilliseconds(2));
        Assert.False(node.Knows(1));
        Assert.Equal(1, node.Core.Counters.Evictions);
    }

    [Fact]
    public void The_quarantine_of_one_address_does_not_keep_out_who_is_reached_at_the_other()
    {
        var node = WithDualPeer();
        node.BeginCycle();
        node.Advance(TimeSpan.FromMilliseconds(251));
        Answer(node, 1, IPv6(1));
        Leave(node, 1, IPv6(1));
        Assert.False(node.Knows(1));
        node.Push(2, Of(1, age: 30, incarnation: 2));
        Assert.True(node.Knows(1));
        Assert.Equal(0, node.Core.Counters.Dropped(DropReason.Quarantined));
    }

    [Fact]
    public void Who_answered_at_neither_address_is_kept_out_as_one_with_a_single_address()
    {
        var node = WithDualPeer();
        node.BeginCycle();
        node.Advance(TimeSpan.FromMilliseconds(600));
        node.Push(2, Of(1, age: 30));
        Assert.False(node.Knows(1));
        Assert.Equal(1, node.Core.Counters.Dropped(DropReason.Quarantined));
    }

    [Fact]
    public void The_family_a_peer_is_heard_on_is_used_before_anything_was_asked()
    {
        var node = new Lone(_quick);
        Push(node, 1, IPv6(1));
        node.BeginCycle();
        Assert.Equal(IPv6(1), node.Sent[^1].To.Address);
        Assert.Equal(IPv6(1), Assert.Single(node.Core.View.Copy()).Address);
        Push(node, 1, IPv4(1));
        node.BeginCycle();
        Assert.Equal(IPv4(1), node.Sent[^1].To.Address);
        Assert.Equal(IPv4(1), Assert.Single(node.Core.View.Copy()).Address);
    }

    [Fact]
    public void A_stranger_is_tried_over_the_family_that_proved_itself_last()
    {
        var node = new Lone(_quick);
        Push(node, 1, IPv6(1), Of(2));
        Leave(node, 1, IPv6(1));
        node.BeginCycle();
        Assert.Equal(IPv6(2), node.Sent[^1].To.Address);
    }

    [Fact]
    public void A_packet_from_elsewhere_does_not_turn_the_route()
    {
        var node = WithDualPeer();
        Push(node, 1, IPv4(1));
        node.Receive(new Link(IPv6(66), LinkKind.Datagram), node.Request(1, ExchangeMode.Pull, NodeId.None));
        node.BeginCycle();
        Assert.Equal(IPv4(1), node.Sent[^1].To.Address);
    }

    [Fact]
    public void An_address_that_is_this_nodes_own_is_passed_over()
    {
        // Two hosts behind two routers, both 192.168.1.5.
        var node = new Lone(_quick);
        var twin = new Lone.Entry(Lone.Id(1), 1, 0, new NodeAddresses(IPv4(0), IPv6(1)));
        node.Push(2, twin);
        Assert.True(node.Knows(1));
        Leave(node, 2, Lone.At(2));
        node.BeginCycle();
        Assert.Equal(IPv6(1), node.Sent[^1].To.Address);
    }

    [Fact]
    public void Another_node_at_one_address_does_not_hide_the_peer_at_its_other()
    {
        // 192.168.1.7 is a printer at home and a node in the office.
        var node = WithDualPeer();
        node.BeginCycle();
        var (nonce, _, _) = Swarm.ReadExchange(node.Sent[^1].Packet);
        node.Receive(new Link(IPv4(1), LinkKind.Datagram), Lone.Reply(
            7, nonce, true, new Lone.Entry(Lone.Id(7), 1, 0, new NodeAddresses(IPv4(1)))));
        Assert.True(node.Knows(1));
        Assert.True(node.Knows(7));
        Assert.Equal(IPv6(1), node.Sent[^1].To.Address);
        Answer(node, 1, IPv6(1));
        Assert.True(node.Knows(1));
    }

    [Fact]
    public void Of_a_lost_peer_the_address_that_worked_is_looked_at_again()
    {
        var node = new Lone(_quick with { RecontactCycles = 1 });
        Push(node, 1, IPv6(1));
        node.BeginCycle();
        Assert.Equal(IPv6(1), node.Sent[^1].To.Address);
        node.Advance(TimeSpan.FromMilliseconds(600));
        Assert.False(node.Knows(1));
        node.Push(2);
        node.Sent.Clear();
        // Time passes: an address that has not answered gets one packet a cycle.
        node.Advance(10 * _quick.CycleTime);
        var looks = node.Sent.Where(sent => sent.To.Address == IPv6(1) || sent.To.Address == IPv4(1)).ToArray();
        Assert.NotEmpty(looks);
        Assert.All(looks, look => Assert.Equal(IPv6(1), look.To.Address));
    }

    [Fact]
    public void Metadata_is_asked_for_at_the_other_address_before_it_is_given_up()
    {
        var node = new Lone(_quick);
        var peer = new Peer(Lone.Id(1), new NodeAddresses(IPv4(1), IPv6(1)), 1, 0, null);
        node.Core.FetchMetadata(node.Now, peer);
        Assert.Equal(IPv4(1), node.Sent[^1].To.Address);
        node.Advance(TimeSpan.FromMilliseconds(251));
        Assert.Equal(IPv6(1), node.Sent[^1].To.Address);
        Assert.Empty(node.MetadataAnswers);
        node.Advance(TimeSpan.FromMilliseconds(251));
        Assert.Null(Assert.Single(node.MetadataAnswers).Metadata);
    }

    [Fact]
    public void A_network_with_two_families_replays_to_the_bit()
    {
        ulong Trace()
        {
            var network = Start(30, seedIsIPv4: false);
            network.Reaches = (from, to) => !to.IsIPv4 || from.Index % 3 == 0;
            network.Run(30 * Swarm.Second);
            return network.TraceHash;
        }

        Assert.Equal(Trace(), Trace());
    }

    private static NodeAddress IPv4(int number) => Lone.At(number);

    private static NodeAddress IPv6(int number) =>
        NodeAddress.FromIPv6(0xFD00_0077_0000_0000, (ulong)number + 1, 7000);

    private static Func<NodeCoreOptions, NodeCoreOptions> Dual(int number) => options => options with
    {
        Self = new SelfDescription(
            options.Self.Id, 1, new NodeAddresses(VirtualNetwork.AddressOf(number), IPv6(number)), []),
    };

    /// <summary>
    /// Even and odd nodes are two sites. Private IPv4 leads to the own site only; between the sites there is IPv6,
    /// which is shut within them.
    /// </summary>
    private static void MakeSites(VirtualNetwork network)
    {
        var siteOf = network.Nodes.SelectMany(node => new[]
        {
            (Address: node.Addresses.IPv4, Site: node.Index % 2), (Address: node.Addresses.IPv6, Site: node.Index % 2),
        }).ToDictionary(pair => pair.Address, pair => pair.Site);
        network.Reaches = (from, to) => to.IsIPv4 == (siteOf[to] == from.Index % 2);
        foreach (var node in network.Nodes)
        {
            node.Seeds = [IPv4(0), IPv6(0), IPv4(1), IPv6(1)];
        }
    }

    private static int LinksAcross(NeighboursProtocol protocol, VirtualNode node, VirtualNetwork network)
    {
        var others = network.Nodes.Where(other => other.Index % 2 != node.Index % 2)
            .Select(other => other.Core.Self.Id).ToHashSet();
        return Enumerable.Range(0, 5).Count(slot =>
            protocol.Active.IsUp(slot) && others.Contains(protocol.Active[slot].Peer.Id));
    }

    private static (long Started, long TimedOut) Exchanges(VirtualNetwork network) => (
        network.Nodes.Sum(node => node.Core.Counters.ExchangesStarted),
        network.Nodes.Sum(node => node.Core.Counters.ExchangesTimedOut));

    private static long FailedLinks(bool dual)
    {
        var network = new VirtualNetwork(new VirtualNetworkOptions { Loss = 0.1, KeepsNotices = false });
        var neighbours = Enumerable.Range(0, 60).Select(_ => new NeighboursProtocol()).ToArray();
        for (var i = 0; i < neighbours.Length; i++)
        {
            var (number, protocol) = (i, neighbours[i]);
            network.Add(_quick, [dual ? IPv6(0) : IPv4(0)], options =>
                (dual ? Dual(number)(options) : options) with { Protocols = [protocol] });
        }

        network.Reaches = (_, to) => to.IsIPv4 != dual;
        network.Run(60 * Swarm.Second);
        var before = neighbours.Sum(protocol => protocol.Counters.Failures);
        network.Run(240 * Swarm.Second);
        return neighbours.Sum(protocol => protocol.Counters.Failures) - before;
    }

    private static int CyclesToHeal(bool dual)
    {
        var network = new VirtualNetwork();
        for (var i = 0; i < 200; i++)
        {
            network.Add(_quick, configure: dual ? Dual(i) : null);
        }

        network.Run(30 * Swarm.Second);
        foreach (var node in network.Nodes.Where(node => node.Index % 2 == 1))
        {
            network.Kill(node);
        }

        var cycles = 0;
        while (network.DeadLinks() > 0 && cycles++ < 100)
        {
            network.Run(Swarm.Second);
        }

        return cycles;
    }

    private static VirtualNetwork Start(int nodes, bool seedIsIPv4)
    {
        var network = new VirtualNetwork();
        for (var i = 0; i < nodes; i++)
        {
            network.Add(_quick, [seedIsIPv4 ? IPv4(0) : IPv6(0)], Dual(i));
        }

        return network;
    }

    private static Lone.Entry Of(int number, int age = 0, ulong incarnation = 1) =>
        new(Lone.Id(number), incarnation, age, new NodeAddresses(IPv4(number), IPv6(number)));

    /// <summary>A node that was told of peer 1, which has two addresses, by another that has left.</summary>
    private static Lone WithDualPeer()
    {
        var node = new Lone(_quick);
        node.Push(2, Of(1));
        Leave(node, 2, Lone.At(2));
        Assert.True(node.Knows(1));
        return node;
    }

    private static void Leave(Lone node, int number, NodeAddress from) => node.Receive(
        new Link(from, LinkKind.Datagram),
        Lone.Packet(Lone.Id(number), SamplingMessage.Leave, body => body.UInt64(1)));

    private static void Push(Lone node, int sender, NodeAddress from, params Lone.Entry[] others) => node.Receive(
        new Link(from, LinkKind.Datagram),
        node.Request(sender, ExchangeMode.Push, NodeId.None, [Of(sender), .. others]));

    private static void Answer(Lone node, int number, NodeAddress from)
    {
        var (nonce, _, _) = Swarm.ReadExchange(node.Sent[^1].Packet);
        node.Receive(new Link(from, LinkKind.Datagram), Lone.Reply(number, nonce, false, Of(number)));
    }
}
