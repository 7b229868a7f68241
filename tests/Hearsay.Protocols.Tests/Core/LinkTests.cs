using Hearsay.Protocols.Neighbours;
using Hearsay.Protocols.Tests.Neighbours;

namespace Hearsay.Protocols.Tests.Core;

/// <summary>How links live and end, and how a node that is short finds others, rule by rule.</summary>
public sealed class LinkTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly Machine _node = new(new NeighbourOptions { ShufflePeriod = TimeSpan.FromHours(1) });

    [Fact]
    public void A_disconnect_ends_the_link_and_leaves_a_living_peer_among_the_spare_ones()
    {
        _node.Fill(3);
        _node.Disconnect(1, _node.Link(1));
        _node.Disconnect(2, _node.Link(2), lives: false);
        Assert.Equal(1, _node.Protocol.Count);
        Assert.True(_node.HasSpare(1));
        Assert.False(_node.HasSpare(2));
        Assert.Contains("down 0 1", _node.Observer.Changes);
    }

    [Fact]
    public void A_disconnect_of_an_older_link_does_not_end_its_renewal()
    {
        Assert.True(_node.Join(1));
        var old = _node.Link(1);
        _node.Sent();
        _node.Ask(1, NeighbourPriority.High, nonce: 78);
        var reader = new WireReader(_node.Sent(NeighbourMessage.Accept).Single().Body.AsSpan(8));
        _node.Confirm(1, reader.ReadUInt64(), NeighbourPriority.High, nonce: 78);
        Assert.NotEqual(old, _node.Link(1));
        _node.Disconnect(1, old);
        Assert.True(_node.Has(1));
        Assert.Equal(1, _node.Counters.StaleDisconnects);
    }

    [Fact]
    public void Nobody_else_can_end_a_link()
    {
        _node.Fill(2);
        _node.Disconnect(3, _node.Link(1));
        _node.Disconnect(2, _node.Link(1));
        Assert.Equal(2, _node.Protocol.Count);
    }

    [Fact]
    public void Nobody_takes_a_neighbours_place_with_its_id_and_an_address_of_its_own()
    {
        _node.Fill(2);
        var link = _node.Link(1);
        AskAs(1, at: 9);
        Assert.Single(_node.Sent(NeighbourMessage.Refuse));
        AskAs(1, at: 9, replaces: _node.Link(2));
        Assert.Single(_node.Sent(NeighbourMessage.Refuse));
        Assert.Equal((link, 2), (_node.Link(1), (int)_node.Counters.Forged));

        // Asked before it was a neighbour, confirmed after.
        AskAs(3, at: 9);
        var early = new WireReader(_node.Sent(NeighbourMessage.Accept).Single().Body.AsSpan(8)).ReadUInt64();
        Assert.True(_node.Join(3));
        link = _node.Link(3);
        _node.Send(3, NeighbourMessage.Confirm, b => b.UInt64(early).UInt64(77).Byte(1).Zeros(4).Entries(At(3, 9)));
        Assert.Equal((link, 3), (_node.Link(3), (int)_node.Counters.Forged));
    }

    [Fact]
    public void A_neighbour_that_moved_and_names_its_link_gets_a_new_one()
    {
        _node.Fill(2);
        var link = _node.Link(1);
        AskAs(1, at: 9, replaces: link);
        var number = new WireReader(_node.Sent(NeighbourMessage.Accept).Single().Body.AsSpan(8)).ReadUInt64();
        _node.Send(1, NeighbourMessage.Confirm, b => b.UInt64(number).UInt64(77).Byte(1).Zeros(4).Entries(At(1, 9)));
        Assert.Equal((number, 2), (_node.Link(1), _node.Protocol.Count));
    }

    [Fact]
    public void Who_speaks_over_a_link_that_is_not_there_is_told_so()
    {
        _node.Fill(1);
        _node.Ping(9, link: 123);
        _node.Ping(1, link: 123);
        var told = _node.Sent();
        Assert.All(told, frame => Assert.Equal(NeighbourMessage.Disconnect, frame.Type));
        Assert.Equal([9, 1], told.Select(frame => frame.Number));
        Assert.Equal(123UL, new WireReader(told[0].Body).ReadUInt64());
        Assert.True(_node.Has(1));
        Assert.Equal(2, _node.Counters.Strangers);
    }

    [Fact]
    public void A_silent_neighbour_is_probed_and_given_up_within_the_stated_time()
    {
        _node.Fill(1);
        _node.Advance(0.99 * Second);
        Assert.Empty(_node.Sent(NeighbourMessage.Ping));
        _node.Advance(0.02 * Second);
        Assert.Single(_node.Sent(NeighbourMessage.Ping));
        // 1.25 s, and six time-outs of at most 0.5 s.
        _node.Advance(2.5 * Second);
        Assert.True(_node.Has(1));
        _node.Advance(0.74 * Second);
        Assert.False(_node.Has(1));
        Assert.False(_node.HasSpare(1));
        Assert.Equal(6, _node.Counters.Pings);
        Assert.Equal(1, _node.Counters.Failures);
    }

    [Fact]
    public void Whatever_a_neighbour_sends_puts_its_probe_off()
    {
        _node.Fill(1);
        for (var i = 0; i < 10; i++)
        {
            _node.Advance(0.9 * Second);
            _node.Heard(0);
        }

        Assert.Equal(0, _node.Counters.Pings);
        _node.Advance(1.01 * Second);
        Assert.Equal(1, _node.Counters.Pings);
    }

    [Fact]
    public void A_neighbour_that_answers_stays_and_its_round_trip_is_measured()
    {
        _node.Fill(1);
        for (var i = 0; i < 20; i++)
        {
            _node.Advance(1.3 * Second);
            _node.Heard(0);
            _node.Advance(0.95 * Second);
            _node.Sent();
            _node.Advance(0.05 * Second);
            var ping = Assert.Single(_node.Sent(NeighbourMessage.Ping));
            _node.Advance(0.03 * Second);
            _node.Send(1, NeighbourMessage.Pong, ping.Body);
        }

        Assert.True(_node.Has(1));
        Assert.InRange(_node.Protocol.RoundTrip(0).TotalMilliseconds, 29.9, 30.1);
    }

    [Fact]
    public void What_is_sent_to_a_neighbour_that_was_silent_has_it_probed_at_once()
    {
        _node.Fill(2);
        _node.Advance(0.1 * Second);
        _node.Spoke(0);
        _node.Advance(0.09 * Second);
        Assert.Equal(0, _node.Counters.Pings);
        _node.Advance(0.02 * Second);
        Assert.Equal(1, Assert.Single(_node.Sent(NeighbourMessage.Ping)).Number);
        _node.Spoke(1);
        _node.Advance(TimeSpan.Zero);
        Assert.Equal(2, Assert.Single(_node.Sent(NeighbourMessage.Ping)).Number);
    }

    [Fact]
    public void A_request_that_is_not_answered_is_repeated_and_then_the_peer_is_no_spare_one_any_more()
    {
        _node.Fill(4);
        _node.Know(9);
        _node.Disconnect(1, _node.Link(1));
        var asked = _node.Sent(NeighbourMessage.Ask).Select(f => f.Number).ToHashSet();
        Assert.NotEmpty(asked);
        Assert.DoesNotContain(1, asked);
        _node.Advance(0.6 * Second);
        Assert.All(asked, number => Assert.True(_node.HasSpare(number)));
        _node.Advance(0.41 * Second);
        Assert.All(asked, number => Assert.False(_node.HasSpare(number)));
        Assert.Equal(asked.Count, _node.Counters.Unreachable);
    }

    [Fact]
    public void A_node_that_is_short_asks_spare_peers_one_after_the_other_until_one_accepts()
    {
        _node.Fill();
        _node.Know(11, 12, 13);
        _node.Disconnect(1, _node.Link(1));
        var first = Assert.Single(_node.Sent(NeighbourMessage.Ask)).Number;
        Refuse(first);
        var second = Assert.Single(_node.Sent(NeighbourMessage.Ask)).Number;
        Assert.NotEqual(first, second);
        Assert.NotEqual(1, second);
        Assert.True(_node.HasSpare(first));
        Assert.False(_node.Has(first));
        _node.Accept(second, link: 5);
        Assert.False(_node.Has(second));
        _node.Pong(second, link: 5);
        Assert.True(_node.Has(second));
        Assert.False(_node.HasSpare(second));
        Assert.Empty(_node.Sent(NeighbourMessage.Ask));
    }

    [Fact]
    public void When_a_peer_does_not_answer_the_next_is_asked_at_once()
    {
        var node = new Machine(new NeighbourOptions { RefillPeriod = TimeSpan.FromMinutes(1) });
        node.Fill();
        node.Know(11, 12, 13);
        node.Disconnect(1, node.Link(1));
        var first = Assert.Single(node.Sent(NeighbourMessage.Ask)).Number;
        node.Advance(0.999 * Second);
        Assert.Equal(first, Assert.Single(node.Sent(NeighbourMessage.Ask)).Number);
        node.Advance(0.001 * Second);
        Assert.NotEqual(first, Assert.Single(node.Sent(NeighbourMessage.Ask)).Number);
        Assert.Equal(1, node.Counters.Unreachable);
    }

    /// <summary>The sampling service goes on naming them: their addresses are those of nodes that live.</summary>
    [Fact]
    public void Who_does_not_answer_is_asked_again_in_the_next_round_and_not_before()
    {
        var node = new Machine(new NeighbourOptions
        {
            RefillPeriod = TimeSpan.FromMinutes(1), ShufflePeriod = TimeSpan.FromHours(1),
            MixPeriod = TimeSpan.FromHours(1),
        });
        node.Fill(4);
        node.Meet(11);
        node.Meet(12);
        node.Disconnect(1, node.Link(1), lives: false);
        for (var tenth = 0; tenth < 500; tenth++)
        {
            // Those that are left live.
            for (var slot = 1; slot < 4; slot++)
            {
                node.Heard(slot);
            }

            node.Advance(0.1 * Second);
        }

        Assert.Equal([11, 11, 12, 12], node.Sent(NeighbourMessage.Ask).Select(f => f.Number).Order());
        Assert.Equal(2, node.Counters.Unreachable);
        node.Advance(20 * Second);
        Assert.NotEmpty(node.Sent(NeighbourMessage.Ask));
    }

    [Fact]
    public void Only_a_node_without_any_neighbour_asks_with_high_priority()
    {
        _node.Fill(2);
        _node.Know(11, 12, 13, 14, 15, 16);
        _node.Advance(1.1 * Second);
        Assert.All(_node.Sent(NeighbourMessage.Ask), f => Assert.Equal((byte)NeighbourPriority.Low, f.Body[24]));
        _node.Disconnect(1, _node.Link(1));
        _node.Disconnect(2, _node.Link(2));
        _node.Advance(1.5 * Second);
        Assert.Contains(_node.Sent(NeighbourMessage.Ask), f => f.Body[24] == (byte)NeighbourPriority.High);
    }

    [Fact]
    public void A_slot_that_was_promised_goes_to_nobody_else()
    {
        _node.Fill(4);
        _node.Know(11);
        _node.Advance(0.9 * Second);
        for (var number = 1; number <= 4; number++)
        {
            _node.Heard(number - 1);
        }

        _node.Advance(0.3 * Second);
        var asked = Assert.Single(_node.Sent(NeighbourMessage.Ask)).Number;
        _node.Accept(asked, link: 5);
        Assert.False(_node.Join(30));
        _node.Pong(asked, link: 5);
        Assert.True(_node.Has(asked));
    }

    [Fact]
    public void Who_leaves_tells_every_neighbour()
    {
        _node.Fill(3);
        _node.Core.Leave(_node.Now);
        var told = _node.Sent(NeighbourMessage.Disconnect);
        Assert.Equal([1, 2, 3], told.Select(f => f.Number).Order());
        Assert.All(told, f => Assert.Equal(0, f.Body[8]));
    }

    [Fact]
    public void A_node_that_moved_renews_every_link_under_its_new_address()
    {
        _node.Fill(3);
        _node.Core.SetAddresses(_node.Now, Lone.AddressesOf(50));
        _node.Advance(1.1 * Second);
        var asks = _node.Sent(NeighbourMessage.Ask);
        Assert.Equal([1, 2, 3], asks.Select(f => f.Number).Distinct().Order());
    }

    [Fact]
    public void Observers_hear_of_every_change_after_it()
    {
        Assert.True(_node.Join(1));
        Assert.True(_node.Join(2));
        _node.Disconnect(1, _node.Link(1));
        Assert.True(_node.Join(3));
        Assert.Equal(["up 0", "up 1", "down 0 1", "up 0"], _node.Observer.Changes);
        Assert.Throws<InvalidOperationException>(() => _node.Protocol.Watch(_node.Observer));
    }

    private static Lone.Entry At(int number, int at) => new(Lone.Id(number), 1, 0, Lone.AddressesOf(at));

    private void AskAs(int number, int at, ulong replaces = 0) => _node.Send(number, NeighbourMessage.Ask, b =>
        b.UInt64(77).Id(Lone.Id(0)).Byte(1).Entries(At(number, at)).UInt64(replaces));

    private void Refuse(int number)
    {
        var nonce = _node.Protocol.Requests.Find(Lone.Id(number))!.Nonce;
        _node.Send(number, NeighbourMessage.Refuse, b => b.UInt64(nonce));
    }
}
