using Hearsay.Protocols.Neighbours;
using static Hearsay.Protocols.Tests.DocumentedHex;

namespace Hearsay.Protocols.Tests.Neighbours;

/// <summary>
/// The frames printed in docs/protocols/neighbours.md, byte for byte but for the nonces and link numbers that a node
/// draws by chance: each is what a node sends, and is then given to the node it is for.
/// </summary>
public sealed class NeighbourVectorTests
{
    private const ulong Nonce = 0x0102_0304_0506_0708;

    /// <summary>Where an Accept has its link number, and a Confirm or a Shuffle its nonce.</summary>
    private const int Second = 8;

    private const int ShuffleNonce = 9;

    /// <summary>Where a Ping and a Pong have what tells one question from another, which is chance too.</summary>
    private const int Stamp = 8;

    [Fact]
    public void Every_block_of_the_page_is_replayed_here() => Assert.Equal(
        [
            "ask", "accept", "confirm", "forward-join", "disconnect", "refuse", "ping", "pong", "shuffle",
            "shuffle-reply",
        ],
        NamesOf("neighbours.md"));

    [Fact]
    public void A_newcomer_joins_at_a_node_which_starts_a_walk_for_it()
    {
        var (newcomer, contact) = (new Machine(), new Machine(self: 1));
        newcomer.Meet(1);
        newcomer.Advance(TimeSpan.FromSeconds(3));
        var ask = newcomer.Sent(NeighbourMessage.Ask)[^1].Body;
        AssertSame(Documented("ask").With(0, ask.NumberAt(0)), ask);

        contact.Send(2, NeighbourMessage.Ask, b => b.UInt64(77).Id(Lone.Id(1)).Byte(0).Entries(Lone.Of(2)));
        contact.Confirm(2, contact.Sent()[^1].Body.NumberAt(Second), NeighbourPriority.Low);
        contact.Sent();
        contact.Send(0, NeighbourMessage.Ask, Documented("ask"));
        var accept = Assert.Single(contact.Sent()).Body;
        var link = accept.NumberAt(Second);
        AssertSame(Documented("accept").With(Second, link), accept);
        Assert.False(contact.Has(0));

        newcomer.Send(1, NeighbourMessage.Accept, Documented("accept").With(0, ask.NumberAt(0)));
        var confirm = newcomer.Sent(NeighbourMessage.Confirm)[^1].Body;
        AssertSame(Documented("confirm").With(Second, ask.NumberAt(0)), confirm);

        contact.Send(0, NeighbourMessage.Confirm, Documented("confirm").With(0, link));
        Assert.True(contact.Has(0));
        var sent = contact.Sent();
        Assert.Equal([NeighbourMessage.Pong, NeighbourMessage.ForwardJoin], sent.Select(frame => frame.Type));
        AssertSame(Documented("forward-join").With(0, contact.Link(2)), sent[1].Body);
    }

    [Fact]
    public void A_walk_that_ends_asks_the_newcomer()
    {
        var end = new Machine(self: 2);
        var link = Neighbour(end, 1);
        end.Send(1, NeighbourMessage.ForwardJoin, Documented("forward-join").With(0, link));
        var ask = Assert.Single(end.Sent());
        Assert.Equal((NeighbourMessage.Ask, 0), (ask.Type, ask.Number));
        Assert.Equal((byte)NeighbourPriority.High, ask.Body[24]);
    }

    [Fact]
    public void A_displaced_neighbour_takes_the_link_down_and_remembers_the_peer()
    {
        var full = new Machine();
        full.Fill();
        var links = Enumerable.Range(1, 5).ToDictionary(number => number, full.Link);
        Assert.True(full.Join(9, NeighbourPriority.High));
        var told = Assert.Single(full.Sent(NeighbourMessage.Disconnect));
        AssertSame(Documented("disconnect").With(0, links[told.Number]), told.Body);

        var displaced = new Machine(self: 1);
        var link = Neighbour(displaced, 0);
        displaced.Send(0, NeighbourMessage.Disconnect, Documented("disconnect"));
        Assert.True(displaced.Has(0));
        displaced.Send(0, NeighbourMessage.Disconnect, Documented("disconnect").With(0, link));
        Assert.False(displaced.Has(0));
        Assert.True(displaced.HasSpare(0));
    }

    [Fact]
    public void A_full_node_refuses_and_is_kept_as_a_spare_peer()
    {
        var full = new Machine();
        full.Fill();
        full.Ask(9, NeighbourPriority.Low, Nonce);
        AssertSame(Documented("refuse"), Assert.Single(full.Sent(NeighbourMessage.Refuse)).Body);

        var asker = new Machine(self: 9);
        asker.Meet(0);
        asker.Advance(TimeSpan.FromSeconds(3));
        var nonce = asker.Sent(NeighbourMessage.Ask)[^1].Body.NumberAt(0);
        asker.Send(0, NeighbourMessage.Refuse, Documented("refuse"));
        Assert.Equal(0, asker.Counters.Refusals);
        asker.Send(0, NeighbourMessage.Refuse, Documented("refuse").With(0, nonce));
        Assert.Equal(1, asker.Counters.Refusals);
        Assert.True(asker.HasSpare(0));
    }

    [Fact]
    public void A_silent_neighbour_is_asked_and_its_answer_keeps_the_link()
    {
        var asks = new Machine();
        var link = Neighbour(asks, 1);
        asks.Advance(TimeSpan.FromSeconds(1.05));
        var ping = Assert.Single(asks.Sent(NeighbourMessage.Ping)).Body;
        byte[] WithStamp(string name) => [.. Documented(name).AsSpan(0, Stamp), .. ping.AsSpan(Stamp)];
        AssertSame(WithStamp("ping").With(0, link), ping);

        var answers = new Machine(self: 1);
        var other = Neighbour(answers, 0);
        answers.Send(0, NeighbourMessage.Ping, Documented("ping"));
        Assert.Empty(answers.Sent(NeighbourMessage.Pong));
        answers.Send(0, NeighbourMessage.Ping, Documented("ping").With(0, other));
        AssertSame(Documented("pong").With(0, other), Assert.Single(answers.Sent(NeighbourMessage.Pong)).Body);

        asks.Send(1, NeighbourMessage.Pong, WithStamp("pong").With(0, link));
        asks.Advance(TimeSpan.FromSeconds(1.1));
        Assert.Empty(asks.Sent(NeighbourMessage.Ping));
        asks.Advance(TimeSpan.FromSeconds(0.3));
        Assert.NotEmpty(asks.Sent(NeighbourMessage.Ping));
    }

    [Fact]
    public void A_shuffle_is_handed_on_and_answered_where_it_ends()
    {
        var between = new Machine();
        between.Fill(2);
        between.Send(1, NeighbourMessage.Shuffle, Documented("shuffle").With(0, between.Link(1)));
        Assert.Equal(1, between.Sent(NeighbourMessage.Shuffle)[0].Body[Second]);
        between.Send(1, NeighbourMessage.Shuffle, b => b.UInt64(between.Link(1)).Byte(3).UInt64(Nonce)
            .Entries(Lone.Of(8)).Byte(1).Entries(Lone.Of(9)));
        var handedOn = Assert.Single(between.Sent(NeighbourMessage.Shuffle));
        Assert.Equal(2, handedOn.Number);
        AssertSame(Documented("shuffle").With(0, between.Link(2)), handedOn.Body);

        var end = new Machine();
        end.Fill(1);
        end.Shuffle(1, origin: 7, hops: 1);
        end.Sent();
        end.Send(1, NeighbourMessage.Shuffle, Documented("shuffle").With(0, end.Link(1)));
        var reply = Assert.Single(end.Sent(NeighbourMessage.ShuffleReply));
        Assert.Equal(8, reply.Number);
        AssertSame(Documented("shuffle-reply"), reply.Body);
        Assert.True(end.HasSpare(8) && end.HasSpare(9));
    }

    [Fact]
    public void Who_shuffled_takes_in_the_answer_to_its_last_shuffle()
    {
        var origin = new Machine(self: 8);
        var link = Neighbour(origin, 1);
        for (var half = 0; half < 24; half++)
        {
            origin.Ping(1, link);
            origin.Advance(TimeSpan.FromSeconds(0.5));
        }

        var nonce = origin.Sent(NeighbourMessage.Shuffle)[^1].Body.NumberAt(ShuffleNonce);
        origin.Send(3, NeighbourMessage.ShuffleReply, Documented("shuffle-reply"));
        Assert.False(origin.HasSpare(7));
        origin.Send(3, NeighbourMessage.ShuffleReply, Documented("shuffle-reply").With(0, nonce));
        Assert.True(origin.HasSpare(7));
    }

    private static byte[] Documented(string name) => Of("neighbours.md", name);

    /// <summary>Gives a machine that is not number 0 a neighbour.</summary>
    private static ulong Neighbour(Machine machine, int number)
    {
        machine.Send(number, NeighbourMessage.Ask, b => b.UInt64(77).Id(machine.Core.Self.Id).Byte(0)
            .Entries(Lone.Of(number)));
        var link = machine.Sent(NeighbourMessage.Accept)[^1].Body.NumberAt(Second);
        machine.Confirm(number, link, NeighbourPriority.Low);
        Assert.True(machine.Has(number));
        machine.Sent();
        return link;
    }
}
