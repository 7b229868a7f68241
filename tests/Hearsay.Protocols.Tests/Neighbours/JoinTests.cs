using Hearsay.Protocols.Neighbours;

namespace Hearsay.Protocols.Tests.Neighbours;

/// <summary>How links come up: joins, walks and requests, rule by rule, by calling the machine.</summary>
public sealed class JoinTests
{
    private const NeighbourPriority Low = NeighbourPriority.Low;
    private const NeighbourPriority High = NeighbourPriority.High;

    private readonly Machine _node = new();

    [Fact]
    public void A_newcomer_is_walked_to_every_other_neighbour()
    {
        _node.Fill(3);
        Assert.True(_node.Join(9, NeighbourPriority.Join));
        var walks = _node.Sent(NeighbourMessage.ForwardJoin);
        Assert.Equal([1, 2, 3], walks.Select(w => w.Number).Order());
        Assert.All(walks, walk => Assert.Equal(6, walk.Body[8]));
    }

    [Fact]
    public void A_newcomer_displaces_one_neighbour_of_a_full_node_which_is_told()
    {
        _node.Fill();
        Assert.True(_node.Join(9, NeighbourPriority.Join, hint: 8));
        var told = Assert.Single(_node.Sent(NeighbourMessage.Disconnect));
        Assert.False(_node.Has(told.Number));
        Assert.True(_node.HasSpare(told.Number));
        Assert.Equal(5, _node.Protocol.Count);
        Assert.Equal(1, told.Body[8]);
        // The one left over at the other end is who it is told to ask.
        var hint = new WireReader(told.Body.AsSpan(9));
        Assert.True(NeighbourMessage.TryReadHint(ref hint, out var left));
        Assert.Equal(Lone.Id(8), left.Id);
    }

    [Fact]
    public void A_walk_goes_on_to_a_neighbour_that_is_neither_the_sender_nor_the_newcomer()
    {
        _node.Fill(3);
        _node.Walk(1, newcomer: 2, hops: 4);
        var walk = Assert.Single(_node.Sent(NeighbourMessage.ForwardJoin));
        Assert.Equal(3, walk.Number);
        Assert.Equal(3, walk.Body[8]);
        Assert.Equal(0, _node.Counters.RequestsSent);
    }

    [Fact]
    public void A_walk_leaves_the_newcomer_among_the_spare_peers_on_its_way()
    {
        _node.Fill(3);
        _node.Walk(1, newcomer: 9, hops: 4);
        Assert.False(_node.HasSpare(9));
        _node.Walk(1, newcomer: 9, hops: 3);
        Assert.True(_node.HasSpare(9));
    }

    [Fact]
    public void Where_a_walk_ends_the_newcomer_is_asked_with_high_priority_and_a_neighbour_goes_once_it_accepts()
    {
        _node.Fill();
        _node.Walk(1, newcomer: 9, hops: 0);
        var ask = Assert.Single(_node.Sent(NeighbourMessage.Ask));
        Assert.Equal((9, (byte)High), (ask.Number, ask.Body[24]));
        // Nobody goes for a newcomer who may not exist.
        Assert.Equal(5, _node.Protocol.Count);
        _node.Accept(9, link: 42);
        Assert.Equal(4, _node.Protocol.Count);
        var sent = _node.Sent();
        Assert.Equal([NeighbourMessage.Disconnect, NeighbourMessage.Confirm], sent.Select(f => f.Type));
        Assert.False(_node.Has(9));
        _node.Pong(9, link: 42);
        Assert.True(_node.Has(9));
        Assert.Equal(5, _node.Protocol.Count);
    }

    [Fact]
    public void A_node_with_one_neighbour_takes_the_newcomer_of_any_walk()
    {
        _node.Fill(1);
        _node.Walk(1, newcomer: 9, hops: 6);
        Assert.Equal(9, Assert.Single(_node.Sent(NeighbourMessage.Ask)).Number);
    }

    [Fact]
    public void A_walk_for_the_node_itself_ends_in_nothing()
    {
        _node.Fill(2);
        _node.Walk(1, newcomer: 0, hops: 0);
        Assert.Empty(_node.Sent());
    }

    [Fact]
    public void A_neighbour_that_joined_anew_gets_a_new_link()
    {
        _node.Fill(3);
        _node.Walk(1, newcomer: 2, hops: 5, incarnation: 2);
        Assert.Equal(2, Assert.Single(_node.Sent(NeighbourMessage.Ask)).Number);
        var old = _node.Link(2);
        _node.Accept(2, link: 42);
        _node.Pong(2, link: 42);
        Assert.NotEqual(old, _node.Link(2));
        Assert.Equal(3, _node.Protocol.Count);
    }

    [Fact]
    public void Low_priority_needs_a_free_slot_and_a_refusal_is_answered()
    {
        _node.Fill();
        Assert.False(_node.Join(9, Low));
        Assert.True(_node.Join(9, High));
        _node.Ask(10, Low);
        Assert.Equal(10, Assert.Single(_node.Sent(NeighbourMessage.Refuse)).Number);
    }

    [Fact]
    public void Who_is_refused_hears_of_the_one_refused_before()
    {
        _node.Fill();
        _node.Ask(9, Low);
        _node.Ask(10, Low);
        var refusals = _node.Sent(NeighbourMessage.Refuse);
        Assert.Equal(8, refusals[0].Body.Length);
        var hint = new WireReader(refusals[1].Body.AsSpan(8));
        Assert.True(NeighbourMessage.TryReadHint(ref hint, out var other));
        Assert.Equal(Lone.Id(9), other.Id);
    }

    [Fact]
    public void A_crowd_displaces_no_more_neighbours_in_a_while_than_there_are_slots()
    {
        _node.Fill();
        var admitted = Enumerable.Range(10, 20).Count(number => _node.Join(number, High));
        Assert.Equal(5, admitted);
        _node.Advance(TimeSpan.FromSeconds(1));
        Assert.True(_node.Join(40, High));
    }

    [Fact]
    public void An_asker_that_does_not_confirm_takes_no_slot()
    {
        for (var number = 1; number <= 50; number++)
        {
            _node.Ask(number, High);
        }

        Assert.Equal(0, _node.Protocol.Count);
        Assert.Equal(50, _node.Sent(NeighbourMessage.Accept).Count);
        Assert.True(_node.Join(60));
    }

    [Fact]
    public void The_acceptance_goes_to_the_address_the_asker_gives_and_not_to_where_the_packet_came_from()
    {
        _node.Send(7, NeighbourMessage.Ask, b => b.UInt64(1).Id(Lone.Id(0)).Byte(0).Entries(
            new Lone.Entry(Lone.Id(7), 1, 0, Lone.AddressesOf(3))));
        Assert.Equal(3, Assert.Single(_node.Sent(NeighbourMessage.Accept)).Number);
    }

    [Fact]
    public void A_confirmation_with_a_number_that_was_not_given_out_makes_no_neighbour()
    {
        _node.Confirm(3, link: 1234, High);
        _node.Ask(4, High);
        var accept = _node.Sent(NeighbourMessage.Accept).Single();
        var reader = new WireReader(accept.Body.AsSpan(8));
        var number = reader.ReadUInt64();
        // The number is for this asker, this nonce and this priority, and for ten to twenty seconds.
        _node.Confirm(5, number, High);
        _node.Confirm(4, number, Low);
        _node.Confirm(4, number, High, nonce: 78);
        _node.Advance(TimeSpan.FromSeconds(20));
        _node.Confirm(4, number, High);
        Assert.Equal(0, _node.Protocol.Count);
        Assert.Equal(5, _node.Counters.Forged);
    }

    [Fact]
    public void A_confirmation_that_comes_again_makes_no_second_link()
    {
        Assert.True(_node.Join(1));
        var number = _node.Link(1);
        _node.Sent();
        _node.Confirm(1, number, Low);
        Assert.Equal(1, _node.Counters.LinksUp);
        Assert.Equal(1, Assert.Single(_node.Sent(NeighbourMessage.Pong)).Number);
        _node.Disconnect(1, number);
        _node.Confirm(1, number, Low);
        Assert.False(_node.Has(1));
    }

    [Fact]
    public void Requests_for_another_node_and_in_the_name_of_another_are_dropped()
    {
        _node.Ask(1, High, to: 5);
        _node.Send(1, NeighbourMessage.Ask, b => b.UInt64(1).Id(Lone.Id(0)).Byte(1).Entries(Lone.Of(2)));
        _node.Send(1, NeighbourMessage.Ask, b => b.UInt64(1).Id(Lone.Id(0)).Byte(9).Entries(Lone.Of(1)));
        Assert.Empty(_node.Sent());
        Assert.Equal(1, _node.Counters.Unexpected);
        Assert.Equal(2, _node.Counters.Malformed);
    }

    [Fact]
    public void Whom_requests_cross_ends_up_with_one_link_on_both_sides()
    {
        _node.Fill(1);
        _node.Walk(1, newcomer: 9, hops: 0);
        _node.Sent();
        _node.Ask(9, High);
        var offered = new WireReader(_node.Sent(NeighbourMessage.Accept).Single().Body.AsSpan(8));
        var theirs = offered.ReadUInt64();
        // This node confirms the smaller number, the other the larger one: the larger one it is.
        _node.Accept(9, link: 1);
        _node.Confirm(9, theirs, High);
        Assert.Equal(theirs, _node.Link(9));
        Assert.Equal(2, _node.Protocol.Count);
        _node.Pong(9, link: 1);
        Assert.Equal(theirs, _node.Link(9));
    }

    [Fact]
    public void Of_two_crossing_confirmations_the_smaller_number_is_left_alone()
    {
        _node.Fill(1);
        _node.Walk(1, newcomer: 9, hops: 0);
        _node.Sent();
        _node.Ask(9, High);
        var offered = new WireReader(_node.Sent(NeighbourMessage.Accept).Single().Body.AsSpan(8));
        var theirs = offered.ReadUInt64();
        _node.Accept(9, link: ulong.MaxValue);
        _node.Confirm(9, theirs, High);
        Assert.False(_node.Has(9));
        _node.Pong(9, link: ulong.MaxValue);
        Assert.Equal(ulong.MaxValue, _node.Link(9));
    }
}
