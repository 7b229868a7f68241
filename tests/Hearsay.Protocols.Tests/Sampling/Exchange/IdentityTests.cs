using Hearsay.Protocols.Sampling.Exchange;
using Hearsay.Protocols.Wire;
using Hearsay.Simulation;

namespace Hearsay.Protocols.Tests.Sampling.Exchange;

/// <summary>Who is who: incarnations, restarts, moves, addresses that changed hands, stolen ids.</summary>
public sealed class IdentityTests
{
    [Fact]
    public void A_stale_incarnation_never_replaces_a_higher_one()
    {
        var node = new Lone();
        node.Push(1, new Lone.Entry(Lone.Id(5), 7, 3, Lone.AddressesOf(50)));
        node.Push(2, new Lone.Entry(Lone.Id(5), 6, 0, Lone.AddressesOf(51)));
        var peer = node.Core.View.Copy().Single(p => p.Id == Lone.Id(5));
        Assert.Equal((7ul, Lone.At(50)), (peer.Incarnation, peer.Address));
        Assert.Equal(1, node.Core.Counters.Dropped(DropReason.StaleIncarnation));
        Assert.Equal(5, peer.AgeCycles);

        node.Push(3, new Lone.Entry(Lone.Id(5), 8, 2, Lone.AddressesOf(52)));
        peer = node.Core.View.Copy().Single(p => p.Id == Lone.Id(5));
        Assert.Equal((8ul, Lone.At(52), 3), (peer.Incarnation, peer.Address, peer.AgeCycles));
    }

    [Fact]
    public void A_restart_with_a_new_address_is_adopted_everywhere()
    {
        var network = Swarm.Start(60, cycles: 15);
        var node = network.Nodes[20];
        network.Kill(node);
        network.Run(Swarm.Second);
        var moved = new NodeAddresses(NodeAddress.FromIPv4(0x0B000001, 7000));
        network.Restart(node, o => o with { Self = new SelfDescription(o.Self.Id, o.Self.Incarnation, moved, []) });
        network.Run(15 * Swarm.Second);

        var seen = network.Up().SelectMany(n => n.View()).Where(p => p.Id == node.Core.Self.Id).ToArray();
        Assert.NotEmpty(seen);
        Assert.All(seen, p => Assert.Equal((2ul, moved), (p.Incarnation, p.Addresses)));
        Assert.Equal(30, node.Core.View.Count);
    }

    [Fact]
    public void A_restart_without_state_makes_the_old_id_disappear_and_confuses_nobody()
    {
        var network = Swarm.Start(60, cycles: 15);
        var node = network.Nodes[20];
        var old = node.Core.Self.Id;
        network.Kill(node);
        var fresh = new NodeId(5, 5);
        network.Restart(
            node, o => o with { Self = new SelfDescription(fresh, 1, o.Self.Addresses, []) });
        network.AfterEvent = n =>
        {
            n.Core.AssertInvariants();
            Assert.False(n == node && n.View().Any(p => p.Id == old), "It took its own old life for a neighbour.");
        };
        network.Run(15 * Swarm.Second);

        Assert.DoesNotContain(network.Up().SelectMany(n => n.View()), p => p.Id == old);
        Assert.True(network.InDegrees()[fresh] >= 15);
        Assert.Equal(30, node.Core.View.Count);
        Assert.True(network.Nodes.Sum(n => n.Core.Counters.ExchangesMisdirected) > 0);
    }

    [Fact]
    public void Another_node_at_an_address_answers_with_itself_and_the_expected_one_goes()
    {
        var node = new Lone();
        node.Push(1);
        node.Sent.Clear();
        node.BeginCycle();
        var nonce = Swarm.ReadExchange(node.Sent[0].Packet).Nonce;
        node.Receive(Lone.From(1), Lone.Reply(8, nonce, true, new Lone.Entry(Lone.Id(8), 1, 0, Lone.AddressesOf(1))));
        Assert.False(node.Knows(1));
        Assert.True(node.Knows(8));
        Assert.Equal(1, node.Core.Counters.ExchangesMisdirected);
        node.Push(2, Lone.Of(1));
        Assert.False(node.Knows(1), "What still goes round of it brings it back.");
    }

    [Fact]
    public void A_request_for_somebody_else_is_answered_with_the_own_descriptor_and_merged_not_at_all()
    {
        var node = new Lone();
        node.Receive(Lone.From(1), node.Request(1, ExchangeMode.Push | ExchangeMode.Pull, Lone.Id(77), Lone.Of(1)));
        var entries = Swarm.ReadExchange(Assert.Single(node.Sent).Packet).Entries;
        Assert.Equal(Lone.Id(0), Assert.Single(entries).Id);
        Assert.Equal(0, node.Core.View.Count);
    }

    [Fact]
    public void The_own_descriptor_never_enters_the_view_and_an_old_one_raises_no_alarm()
    {
        var node = new Lone();
        node.Push(1, Lone.Of(0), Lone.Of(0, 9, 0));
        Assert.Equal(1, node.Core.View.Count);
        Assert.Equal(0, node.Core.Counters.Refutations);
    }

    [Fact]
    public void A_stolen_id_is_refuted_above_the_thief()
    {
        var node = new Lone();
        node.Push(1, new Lone.Entry(Lone.Id(0), 40, 0, Lone.AddressesOf(66)));
        Assert.Equal((Lone.Id(0), 41ul), (node.Core.Self.Id, node.Core.Self.Incarnation));
        Assert.Equal(1, node.Core.Counters.Refutations);
        Assert.Equal(1, node.Core.Counters.Dropped(DropReason.ForgedSelf));
        node.Advance(2 * Swarm.Second);
        Assert.Contains(node.Notices, n => n.Kind == NodeNoticeKind.IdContested);
    }

    [Fact]
    public void In_a_network_the_refutation_beats_the_thief_everywhere()
    {
        var network = Swarm.Start(60, cycles: 10);
        var victim = network.Nodes[7].Core.Self;
        var thief = new Lone.Entry(victim.Id, 1000, 0, new NodeAddresses(VirtualNetwork.AddressOf(500)));
        foreach (var node in network.Nodes.Take(3))
        {
            var packet = Lone.Packet(new NodeId(6, 6), SamplingMessage.Request, b => b
                .UInt64(77).Id(NodeId.None).Byte((byte)ExchangeMode.Push).Byte(1).Entries(thief));
            network.Inject(node, new Link(VirtualNetwork.AddressOf(500), LinkKind.Datagram), packet);
        }

        network.Run(20 * Swarm.Second);
        Assert.Equal(1001ul, victim.Incarnation);
        var seen = network.Up().SelectMany(n => n.View()).Where(p => p.Id == victim.Id).ToArray();
        Assert.NotEmpty(seen);
        Assert.All(seen, p => Assert.Equal(network.Nodes[7].Address, p.Address));
    }

    [Theory]
    [InlineData((int)ExchangeMode.Push)]
    [InlineData((int)(ExchangeMode.Push | ExchangeMode.Pull))]
    public void A_node_that_lost_its_incarnation_is_told_and_taken_back(int bits)
    {
        var mode = (ExchangeMode)bits;
        var node = new Lone();
        node.Push(1, Lone.Of(5, 0, incarnation: 9));
        node.Sent.Clear();
        node.Receive(Lone.From(5), node.Request(5, mode, NodeId.None, Lone.Of(5, 0, incarnation: 1)));
        var entries = Swarm.ReadExchange(Assert.Single(node.Sent).Packet).Entries;
        Assert.Contains(entries, e => e.Id == Lone.Id(5) && e.Incarnation == 9);
    }

    [Fact]
    public void At_the_highest_incarnation_the_node_takes_a_new_id()
    {
        var node = new Lone();
        node.Push(1, new Lone.Entry(Lone.Id(0), Descriptor.MaximumIncarnation, 0, Lone.AddressesOf(66)));
        Assert.NotEqual(Lone.Id(0), node.Core.Self.Id);
        Assert.False(node.Core.Self.Id.IsNone);
        Assert.Equal(1ul, node.Core.Self.Incarnation);
    }

    /// <summary>Before, each packet that named the present id cost it.</summary>
    [Fact]
    public void A_flood_of_the_highest_incarnation_costs_one_id_in_ten_minutes()
    {
        var node = new Lone();
        var ids = new HashSet<NodeId>();
        for (var i = 0; i < 200; i++)
        {
            node.Push(1, new Lone.Entry(
                node.Core.Self.Id, Descriptor.MaximumIncarnation, 0, Lone.AddressesOf(66)));
            ids.Add(node.Core.Self.Id);
            node.Advance(TimeSpan.FromSeconds(4));
        }

        Assert.Equal(2, ids.Count);
        Assert.Equal(2, node.Notices.Count(notice => notice.Kind == NodeNoticeKind.IdRenewed));
        Assert.Equal(2, node.Core.Counters.Refutations);
    }

    [Fact]
    public void Driven_to_the_highest_incarnation_its_own_changes_do_not_pass_it()
    {
        var node = new Lone();
        node.Push(1, new Lone.Entry(Lone.Id(0), Descriptor.MaximumIncarnation - 1, 0, Lone.AddressesOf(66)));
        Assert.Equal(Descriptor.MaximumIncarnation, node.Core.Self.Incarnation);
        node.Core.SetMetadata(node.Now, [1]);
        Assert.True(node.Core.Self.Incarnation <= Descriptor.MaximumIncarnation);
        node.Core.SetAddresses(node.Now, Lone.AddressesOf(77));
        node.Sent.Clear();
        node.BeginCycle();
        Assert.Equal(node.Core.Self.Id, Swarm.ReadExchange(node.Sent[0].Packet).Entries[0].Id);
    }

    [Fact]
    public void An_entry_at_the_nodes_own_address_is_not_taken_in_and_one_that_is_there_goes()
    {
        var node = new Lone();
        node.Push(1, new Lone.Entry(Lone.Id(9), 1, 0, Lone.AddressesOf(0)));
        Assert.False(node.Knows(9));
        node.Core.SetAddresses(node.Now, Lone.AddressesOf(1));
        node.Sent.Clear();
        node.BeginCycle();
        node.Receive(Lone.From(1), node.Sent[0].Packet);
        Assert.False(node.Knows(1));
        Assert.Equal(1, node.Core.Counters.Dropped(DropReason.OwnId));
    }
}
