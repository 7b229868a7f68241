using Hearsay.Protocols.Sampling.Exchange;
using Hearsay.Simulation;

namespace Hearsay.Protocols.Tests.Sampling.Exchange;

/// <summary>Two nodes with one id, as after the copy of a data directory.</summary>
public sealed class NamesakeTests
{
    private static readonly TimeSpan _minute = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData(true, 1)]
    [InlineData(true, 90)]
    [InlineData(false, 1)]
    [InlineData(false, 90)]
    [InlineData(false, 1_000_000)]
    public void The_one_that_started_later_takes_a_new_id_whatever_the_incarnations_and_both_say_so(
        bool throughTheOriginal, ulong incarnation)
    {
        var network = Swarm.Start(4, cycles: 10);
        var original = network.Nodes[1];
        var id = original.Core.Self.Id;
        var clone = Clone(network, original, incarnation, throughTheOriginal ? original : network.Nodes[2]);
        network.Run(10 * Swarm.Second);

        Assert.Equal(id, original.Core.Self.Id);
        Assert.NotEqual(id, clone.Core.Self.Id);
        Assert.All(network.Nodes, node => Assert.Equal(4, node.Core.View.Count));
        Assert.All(network.Nodes.Where(node => node != original), node =>
            Assert.Contains(node.View(), peer => peer.Id == id && peer.Address == original.Address));
        Assert.All(network.Nodes.Where(node => node != clone), node =>
            Assert.Contains(node.View(), peer => peer.Id == clone.Core.Self.Id && peer.Address == clone.Address));

        var told = Assert.Single(original.Notices, notice => notice.Kind == NodeNoticeKind.IdContested);
        Assert.Equal((id, clone.Address), (told.Id, told.Address));
        Assert.DoesNotContain(clone.Notices, notice => notice.Kind == NodeNoticeKind.IdContested);
        var renewed = Assert.Single(clone.Notices, notice => notice.Kind == NodeNoticeKind.IdRenewed);
        Assert.Equal((id, original.Address, clone.Core.Self.Id), (renewed.Id, renewed.Address, renewed.NewId));

        // And it is over.
        var incarnations = (original.Core.Self.Incarnation, clone.Core.Self.Incarnation);
        var notices = network.Nodes.Sum(node => node.Notices.Count);
        network.Run(10 * _minute);
        Assert.Equal(incarnations, (original.Core.Self.Incarnation, clone.Core.Self.Incarnation));
        Assert.Equal(notices, network.Nodes.Sum(node => node.Notices.Count));
        Assert.InRange(Stores(original) + Stores(clone), 0, 6);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void By_option_the_later_one_falls_silent_and_nobody_takes_it_for_the_original(bool throughTheOriginal)
    {
        var network = Swarm.Start(4, cycles: 10);
        var original = network.Nodes[1];
        var clone = Clone(
            network, original, 90, throughTheOriginal ? original : network.Nodes[2], IdConflictAction.Stop);
        network.Run(10 * Swarm.Second);

        Assert.Single(clone.Notices, notice => notice.Kind == NodeNoticeKind.IdTaken);
        var sent = clone.Core.Counters.PacketsSent;
        network.Run(_minute);
        Assert.Equal(sent, clone.Core.Counters.PacketsSent);
        Assert.All(network.Nodes.Take(4), node => Assert.Equal(3, node.Core.View.Count));
        Assert.All(network.Nodes.Take(4).Where(node => node != original), node =>
            Assert.Contains(node.View(), peer => peer.Id == original.Core.Self.Id && peer.Address == original.Address));
    }

    [Fact]
    public void Several_clones_all_end_with_an_id_of_their_own()
    {
        var network = Swarm.Start(6, cycles: 10);
        var original = network.Nodes[3];
        for (var i = 0; i < 4; i++)
        {
            Clone(network, original, (ulong)(5 * i), network.Nodes[i]);
        }

        network.Run(30 * Swarm.Second);
        Assert.Equal(10, network.Nodes.Select(node => node.Core.Self.Id).Distinct().Count());
        Assert.All(network.Nodes, node => Assert.Equal(9, node.Core.View.Count));
    }

    [Fact]
    public void Namesakes_that_cannot_reach_each_other_do_not_write_and_warn_without_end()
    {
        var network = Swarm.Start(6, cycles: 10);
        var original = network.Nodes[1];
        var clone = Clone(network, original, 90, network.Nodes[2]);
        network.Passes = (a, b) => !(a == original && b == clone) && !(a == clone && b == original);
        network.Run(60 * _minute);

        Assert.True(original.Core.Counters.Refutations > 500, "The contest goes on.");
        foreach (var node in new[] { original, clone })
        {
            // Pauses double: a second to ten minutes for the stores, a minute to six hours for the warnings.
            Assert.InRange(Stores(node), 5, 20);
            Assert.InRange(node.Notices.Count(notice => notice.Kind == NodeNoticeKind.IdContested), 2, 7);
        }
    }

    [Fact]
    public void A_request_of_its_own_that_comes_back_late_or_from_an_earlier_life_is_no_namesake()
    {
        var node = new Lone();
        node.Core.Contact(node.Now, [Lone.At(55)]);
        var own = node.Sent.Single(sent => sent.To.Address == Lone.At(55));
        node.Sent.Clear();
        node.Advance(TimeSpan.FromMilliseconds(400));
        node.Receive(Lone.From(55), own.Packet);
        node.Receive(Lone.From(0), node.Request(0, ExchangeMode.Pull, NodeId.None));
        node.Advance(10 * Swarm.Second);

        Assert.Equal(2, node.Core.Counters.Dropped(DropReason.OwnId));
        Assert.DoesNotContain(node.Sent, sent => Swarm.FirstFrame(sent.Packet).Type == SamplingMessage.Refusal);
        Assert.DoesNotContain(node.Notices, notice => notice.Kind == NodeNoticeKind.IdContested);
    }

    [Fact]
    public void Forged_requests_under_its_id_draw_one_short_answer_a_second_and_one_question_a_cycle()
    {
        var node = new Lone();
        for (var i = 0; i < 10_000; i++)
        {
            var packet = Lone.Packet(Lone.Id(0), SamplingMessage.Request, b => b
                .UInt64((ulong)(90_000 + i)).Id(NodeId.None).Byte((byte)ExchangeMode.Pull).Byte(0));
            var before = node.Sent.Count;
            node.Receive(Lone.From(60 + (i % 7)), packet);
            Assert.True(node.Sent.Skip(before).Sum(sent => sent.Packet.Length) <= packet.Length);
            node.Advance(TimeSpan.FromMilliseconds(1));
        }

        var types = node.Sent.Select(sent => Swarm.FirstFrame(sent.Packet).Type).ToList();
        Assert.InRange(types.Count(type => type == SamplingMessage.Refusal), 9, 11);
        Assert.InRange(types.Count(type => type == SamplingMessage.Request), 8, 12);
        Assert.Single(node.Notices, notice => notice.Kind == NodeNoticeKind.IdContested);
        Assert.Equal(Lone.Id(0), node.Core.Self.Id);
    }

    [Fact]
    public void A_claim_to_its_id_that_answers_no_question_changes_nothing()
    {
        var node = new Lone();
        node.Receive(Lone.From(9), Refusal(0, 4711, RefusalReason.SameId));
        Assert.Equal(1, node.Core.Counters.Dropped(DropReason.Unsolicited));

        // Nor one that does not come under the id, or that is younger.
        node.Core.Contact(node.Now, [Lone.At(9)]);
        node.Receive(Lone.From(9), Refusal(9, Nonce(node), RefusalReason.SameId));
        node.Advance(10 * Swarm.Second);
        node.Sent.Clear();
        node.Core.Contact(node.Now, [Lone.At(9)]);
        node.Receive(Lone.From(9), Refusal(0, Nonce(node), RefusalReason.SameId, uptimeMilliseconds: 100));
        Assert.Equal(Lone.Id(0), node.Core.Self.Id);
        Assert.Single(node.Notices, notice => notice.Kind == NodeNoticeKind.IdContested);
    }

    [Fact]
    public void A_contact_that_claims_one_id_after_the_other_costs_one_id_in_ten_minutes()
    {
        var node = new Lone();
        var ids = new HashSet<NodeId>();
        for (var i = 0; i < 30 * 60; i++)
        {
            node.Sent.Clear();
            node.Core.Contact(node.Now, [Lone.At(9)]);
            foreach (var (_, packet, _) in node.Sent.ToList())
            {
                var (id, nonce) = (node.Core.Self.Id, Swarm.ReadExchange(packet).Nonce);
                node.Receive(Lone.From(9), Lone.Packet(id, SamplingMessage.Refusal, b => b
                    .UInt64(nonce).Byte((byte)RefusalReason.SameId).UInt64(ulong.MaxValue)));
            }

            node.Advance(Swarm.Second);
            ids.Add(node.Core.Self.Id);
        }

        Assert.Equal(3, ids.Count);
    }

    [Fact]
    public void A_packet_full_of_rising_incarnations_is_one_raise_above_the_highest()
    {
        var node = new Lone();
        node.Push(1, [.. Enumerable.Range(1, 14).Select(i => Stolen(100 * (ulong)i))]);
        Assert.Equal((1401ul, 1), (node.Core.Self.Incarnation, node.Core.Counters.Refutations));
        node.Advance(2 * Swarm.Second);
        Assert.Single(node.Notices, notice => notice.Kind == NodeNoticeKind.IdContested);
        Assert.Equal(1, node.Notices.Count(notice => notice.Kind == NodeNoticeKind.IdentityChanged));
    }

    [Fact]
    public void A_storm_of_them_is_stored_and_told_rarely_and_the_last_is_stored_in_the_end()
    {
        var node = new Lone();
        for (var i = 0; i < 30_000; i++)
        {
            node.Push(1 + (i % 5), Stolen(node.Core.Self.Incarnation + 1), Stolen(node.Core.Self.Incarnation + 2));
            node.Advance(TimeSpan.FromMilliseconds(2));
        }

        Assert.Equal(30_000, node.Core.Counters.Refutations);
        Assert.InRange(node.Notices.Count(notice => notice.Kind == NodeNoticeKind.IdentityChanged), 5, 7);
        Assert.InRange(node.Notices.Count(notice => notice.Kind == NodeNoticeKind.IdContested), 1, 2);

        node.Advance(10 * _minute);
        var last = node.Notices.Last(notice => notice.Kind == NodeNoticeKind.IdentityChanged);
        Assert.Equal(node.Core.Self.Incarnation, last.Number);
    }

    [Fact]
    public void A_higher_incarnation_at_its_own_address_is_an_earlier_life_and_no_reason_to_warn()
    {
        var node = new Lone();
        node.Push(1, Lone.Of(0, 0, incarnation: 40));
        Assert.Equal(41ul, node.Core.Self.Incarnation);
        node.Advance(5 * Swarm.Second);
        Assert.DoesNotContain(node.Notices, notice => notice.Kind == NodeNoticeKind.IdContested);
        Assert.Contains(node.Notices, notice => notice.Kind == NodeNoticeKind.IdentityChanged);
    }

    private static VirtualNode Clone(
        VirtualNetwork network, VirtualNode original, ulong incarnation, VirtualNode seed,
        IdConflictAction action = IdConflictAction.Renew) =>
        network.Add(seeds: [seed.Address], configure: options => options with
        {
            Self = new SelfDescription(original.Core.Self.Id, incarnation, options.Self.Addresses, []),
            OnIdConflict = action,
        });

    private static int Stores(VirtualNode node) =>
        node.Notices.Count(notice => notice.Kind == NodeNoticeKind.IdentityChanged);

    private static Lone.Entry Stolen(ulong incarnation) => new(Lone.Id(0), incarnation, 0, Lone.AddressesOf(66));

    private static ulong Nonce(Lone node) => Swarm.ReadExchange(node.Sent[^1].Packet).Nonce;

    private static byte[] Refusal(int sender, ulong nonce, RefusalReason reason, ulong uptimeMilliseconds = 900_000) =>
        Lone.Packet(Lone.Id(sender), SamplingMessage.Refusal, b => b
            .UInt64(nonce).Byte((byte)reason).UInt64(uptimeMilliseconds));
}
