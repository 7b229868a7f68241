using Hearsay.Protocols.Sampling.Exchange;
using Hearsay.Simulation;

namespace Hearsay.Protocols.Tests.Sampling.Exchange;

/// <summary>Peers that do not answer, partitions, and peers that leave.</summary>
public sealed class FailureTests
{
    private static readonly PeerSamplingOptions _quick =
        PeerSamplingOptions.Recommended with { Jitter = 0, TriesPerCycle = 1, RecontactCycles = 100_000 };

    [Fact]
    public void An_address_that_did_not_answer_twice_is_not_taken_back_whoever_names_it()
    {
        var node = QuarantineOne();
        foreach (var friend in new[] { 2, 3, 4 })
        {
            node.Push(friend, Lone.Of(1));
            Assert.False(node.Knows(1));
        }

        Assert.Equal(3, node.Core.Counters.Dropped(DropReason.Quarantined));
        node.Push(2, new Lone.Entry(Lone.Id(77), 1, 0, Lone.AddressesOf(1)));
        Assert.False(node.Knows(77), "It is the address that does not answer, under whatever id.");
    }

    [Fact]
    public void Quarantine_ends_after_its_cycles()
    {
        var node = QuarantineOne();
        for (var i = 0; i < 42; i++)
        {
            // Company, so that it does not try to join through the address itself.
            node.Push(10 + i);
            node.Advance(TimeSpan.FromMilliseconds(500));
        }

        node.Push(99, Lone.Of(1));
        Assert.True(node.Knows(1));
    }

    [Theory]
    [InlineData((int)ExchangeMode.Push)]
    [InlineData((int)ExchangeMode.Pull)]
    [InlineData((int)(ExchangeMode.Look | ExchangeMode.Pull))]
    public void Hearing_from_it_ends_quarantine_at_once(int bits)
    {
        var mode = (ExchangeMode)bits;
        var node = QuarantineOne();
        node.Receive(Lone.From(1), node.Request(1, mode, NodeId.None));
        node.Push(2, Lone.Of(1));
        Assert.True(node.Knows(1));
    }

    [Fact]
    public void After_a_time_out_only_news_spoken_since_brings_a_peer_back()
    {
        var node = new Lone(_quick);
        node.Push(1);
        node.BeginCycle();
        node.Advance(TimeSpan.FromMilliseconds(300));
        Assert.False(node.Knows(1));
        node.Push(2, Lone.Of(1, 5));
        Assert.False(node.Knows(1));
        Assert.Equal(1, node.Core.Counters.Dropped(DropReason.Quarantined));
        node.Push(3, Lone.Of(1));
        Assert.True(node.Knows(1));
    }

    [Fact]
    public void One_time_out_evicts_but_the_next_who_names_it_may_bring_it_back()
    {
        var node = new Lone(_quick);
        node.Push(1);
        node.BeginCycle();
        node.Advance(TimeSpan.FromMilliseconds(300));
        Assert.False(node.Knows(1));
        Assert.Equal(1, node.Core.Counters.Evictions);
        node.Push(2, Lone.Of(1));
        Assert.True(node.Knows(1));
    }

    [Fact]
    public void An_evicted_peer_is_remembered_and_looked_at_again()
    {
        var node = new Lone(_quick with { RecontactCycles = 2 });
        node.Push(1);
        node.BeginCycle();
        node.Advance(TimeSpan.FromMilliseconds(300));
        node.Push(2);
        node.Sent.Clear();
        for (var i = 0; i < 10; i++)
        {
            node.BeginCycle();
        }

        var look = node.Sent.First(s => s.To.Address == Lone.At(1));
        var (nonce, mode, entries) = Swarm.ReadExchange(look.Packet);
        Assert.Equal(ExchangeMode.Look | ExchangeMode.Pull, mode);
        Assert.Empty(entries);
        node.Receive(Lone.From(1), Lone.Reply(1, nonce, false, Lone.Of(1)));
        Assert.True(node.Knows(1));
    }

    [Fact]
    public void A_look_neither_ages_nor_changes_who_is_looked_at()
    {
        var node = new Lone(_quick);
        node.Push(1, Lone.Of(2, 4));
        var before = (node.AgeOf(1), node.AgeOf(2));
        node.Receive(Lone.From(3), node.Request(3, ExchangeMode.Look | ExchangeMode.Pull, NodeId.None));
        Assert.Equal(before, (node.AgeOf(1), node.AgeOf(2)));
        Assert.False(node.Knows(3));
        Assert.Equal(3, Swarm.ReadExchange(node.Sent[^1].Packet).Entries.Count);
    }

    [Theory]
    [InlineData(20, true)]
    [InlineData(100_000, false)]
    public void Two_halves_of_a_healed_partition_find_each_other_within_twenty_cycles(int recontactCycles, bool heals)
    {
        var options = PeerSamplingOptions.Recommended with { RecontactCycles = recontactCycles };
        var network = Swarm.Start(100, options, cycles: 20);
        network.Passes = (a, b) => a.Index < 50 == b.Index < 50;
        network.Run(60 * Swarm.Second);
        Assert.Equal([50, 50], network.Components());
        Assert.Equal(0, CrossLinks(network));
        network.Passes = null;
        var cycles = 0;
        while (network.Components().Length > 1 && cycles < 20)
        {
            network.Run(Swarm.Second);
            cycles++;
        }

        Swarm.Say($"healed after {cycles} cycles");
        Assert.Equal(heals, network.Components().Length == 1);
        if (heals)
        {
            network.Run(15 * Swarm.Second);
            Assert.InRange(CrossLinks(network) / (100.0 * 30), 0.4, 0.6);
        }
    }

    [Fact]
    public void Partitions_without_any_seed_heal_as_well()
    {
        var network = Swarm.Start(100, cycles: 20);
        foreach (var node in network.Nodes)
        {
            node.Seeds = [];
        }

        network.Passes = (a, b) => a.Index < 50 == b.Index < 50;
        network.Run(200 * Swarm.Second);
        network.Passes = null;
        network.Run(30 * Swarm.Second);
        Assert.Single(network.Components());
    }

    [Fact]
    public void Leaving_is_told_to_the_neighbours_and_not_undone_by_what_still_goes_round()
    {
        // Over eight leaves, since one tells from a quarter to two thirds of its holders; 0.46 over forty.
        var network = Swarm.Start(100, cycles: 20);
        var (holders, told) = (0, 0);
        for (var leaver = 41; leaver <= 47; leaver++)
        {
            (holders, told) = Leave(network, network.Nodes[leaver], holders, told);
            network.Run(3 * Swarm.Second);
        }

        var node = network.Nodes[40];
        var id = node.Core.Self.Id;
        (holders, told) = Leave(network, node, holders, told);
        Assert.True(told >= holders / 3.0, $"{told} of {holders} were told");
        network.Run(20 * Swarm.Second);
        Assert.DoesNotContain(network.Up().SelectMany(n => n.View()), p => p.Id == id);

        network.Restart(node);
        network.Run(10 * Swarm.Second);
        Assert.True(network.InDegrees()[id] >= 15, "It came back with a higher incarnation.");
    }

    [Fact]
    public void A_departed_peer_stays_out_until_its_incarnation_rises()
    {
        var node = new Lone(_quick);
        node.Push(1);
        node.Receive(Lone.From(1), LeaveOf(1, 1));
        Assert.False(node.Knows(1));
        Assert.Single(node.Notices, n => n.Kind == NodeNoticeKind.Departed);
        node.Push(2, Lone.Of(1));
        Assert.False(node.Knows(1));
        Assert.Equal(1, node.Core.Counters.Dropped(DropReason.Departed));
        node.Push(2, Lone.Of(1, 0, incarnation: 2));
        Assert.True(node.Knows(1));
        node.Receive(Lone.From(1), LeaveOf(1, 1));
        Assert.True(node.Knows(1), "A replayed notice is of the life before.");
    }

    [Fact]
    public void Nobody_can_say_goodbye_for_another()
    {
        var node = new Lone(_quick);
        node.Push(1);
        node.Receive(Lone.From(66), LeaveOf(1, 1));
        node.Receive(Lone.From(1), LeaveOf(1, ulong.MaxValue));
        Assert.True(node.Knows(1));
        Assert.Equal(2, node.Core.Counters.Dropped(DropReason.ForgedLeave));
    }

    [Fact]
    public void A_node_that_left_is_silent()
    {
        var node = new Lone(_quick);
        node.Push(1);
        node.Sent.Clear();
        node.Core.Leave(node.Now);
        Assert.Single(node.Sent);
        node.Sent.Clear();
        node.Push(2);
        node.BeginCycle();
        node.Core.Contact(node.Now, [Lone.At(5)]);
        node.Core.Leave(node.Now);
        node.Advance(TimeSpan.FromMinutes(1));
        Assert.Empty(node.Sent);
        Assert.Equal(Instant.Never, node.Core.NextDue);
    }

    private static byte[] LeaveOf(int number, ulong incarnation) =>
        Lone.Packet(Lone.Id(number), SamplingMessage.Leave, b => b.UInt64(incarnation));

    private static int CrossLinks(VirtualNetwork network)
    {
        var left = network.Nodes.Take(50).Select(n => n.Core.Self.Id).ToHashSet();
        return network.Nodes.Sum(n => n.View().Count(p => left.Contains(p.Id) != n.Index < 50));
    }

    private static Lone QuarantineOne()
    {
        var node = new Lone(_quick);
        for (var i = 0; i < 2; i++)
        {
            // The second time it is fresh news; old news would not bring it back.
            node.Push(2, Lone.Of(1, i == 0 ? 40 : 0));
            node.Receive(Lone.From(2), LeaveOf(2, (ulong)i + 1));
            Assert.True(node.Knows(1));
            node.BeginCycle();
            node.Advance(TimeSpan.FromMilliseconds(300));
            Assert.False(node.Knows(1));
            node.Push(2, Lone.Of(2, 0, (ulong)i + 2));
        }

        return node;
    }

    private static (int Holders, int Told) Leave(VirtualNetwork network, VirtualNode node, int holders, int told)
    {
        int Holders() => network.Up().Count(n => n != node && n.Knows(node));
        var before = Holders();
        network.Leave(node);
        network.Run(TimeSpan.FromMilliseconds(20));
        return (holders + before, told + before - Holders());
    }
}
