using Hearsay.Protocols.Rumors;
using Hearsay.Protocols.Wire;
using static Hearsay.Protocols.Tests.Rumors.RumorFrames;

namespace Hearsay.Protocols.Tests.Rumors;

/// <summary>One node with the rumor protocol; the test is everybody else.</summary>
public sealed class RumorProtocolTests
{
    private static readonly TimeSpan s_cycle = TimeSpan.FromMilliseconds(200);
    private static readonly RumorOptions s_push = new() { Mode = RumorMode.Push, Staggered = false, K = 2 };
    private static readonly byte[] s_text = [1, 2, 3];

    [Fact]
    public void A_rumor_is_told_once_a_cycle_until_it_was_unnecessary_k_times_in_a_row()
    {
        var (node, protocol) = Start(s_push);
        node.Core.Post(node.Now, RumorProtocol.FrameId, s_text);
        var told = 0;
        for (var cycle = 0; cycle < 10; cycle++)
        {
            node.Sent.Clear();
            node.Advance(s_cycle);
            var sent = node.SentRumors();
            told += sent.Count;
            if (sent.Count > 0)
            {
                var key = new RumorId(Lone.Id(0), node.Core.Self.Incarnation, 1).Key;
                node.Receive(sent[0].To,
                    Feedback(1, NonceOf(sent[0].Body), 0, 0, (key, cycle == 1 ? (byte)128 : (byte)0)));
            }
        }

        // Unnecessary, useful, unnecessary, unnecessary.
        Assert.Equal(4, told);
        Assert.Equal((1, 0), (protocol.KnownCount, protocol.LiveCount));
    }

    [Fact]
    public void A_node_with_nothing_to_tell_sends_nothing_and_sleeps()
    {
        var (node, protocol) = Start(s_push);
        node.Advance(20 * s_cycle);
        Assert.Empty(node.SentRumors());
        Assert.Equal(0, protocol.Counters.RequestsSent);
    }

    [Fact]
    public void A_rumor_is_handed_over_once_however_often_it_comes()
    {
        var (node, protocol) = Start(s_push);
        for (ulong i = 1; i <= 20; i++)
        {
            node.Receive(Lone.From((int)i), Bodies((int)i, i, 1, (50, 9, 2, s_text)));
            node.Advance(s_cycle / 7);
        }

        var heard = Assert.IsType<RumorHeard>(Assert.Single(node.Published));
        Assert.Equal((new RumorId(Lone.Id(50), 1, 9), 2), (heard.Id, heard.AgeCycles));
        Assert.Equal(s_text, heard.Payload.ToArray());
        Assert.Equal(1, protocol.Counters.Heard);
        Assert.Equal(19, protocol.Counters.FeedbacksSent - 1);
    }

    [Fact]
    public void Feedback_says_new_throughout_the_cycle_and_known_from_the_next_on()
    {
        var (node, _) = Start(s_push);
        byte Verdict(ulong nonce)
        {
            node.Receive(Lone.From(1), Bodies(1, nonce, 1, (50, 9, 2, s_text)));
            var (_, type, body, _) = node.SentRumors().Last(sent => sent.Type == RumorMessage.Feedback);
            Assert.Equal((RumorMessage.Feedback, nonce), (type, NonceOf(body)));
            return body[^1];
        }

        node.Advance(s_cycle / 2);
        Assert.Equal(128, Verdict(1) & 128);
        Assert.Equal(128, Verdict(2) & 128);
        node.Advance(s_cycle);
        Assert.Equal(0, Verdict(3) & 128);
    }

    [Fact]
    public void Who_asks_gets_what_fits_and_is_told_the_room_that_the_rest_needs()
    {
        var (node, _) = Start(s_push with { Mode = RumorMode.Pull });
        node.Core.Post(node.Now, RumorProtocol.FrameId, new byte[500]);
        node.Advance(s_cycle);
        node.Sent.Clear();
        node.Receive(Lone.From(1), Pull(1, 77));
        var (_, type, body, _) = Assert.Single(node.SentRumors());
        Assert.Equal((RumorMessage.Feedback, 77UL), (type, NonceOf(body)));
        var room = (body[9] << 8) | body[10];
        Assert.Equal(10 + 33 + 500, room);

        node.Receive(Lone.From(1), Pull(1, 77, RumorMessage.GoesOn, room));
        var answer = node.SentRumors()[^1];
        Assert.Equal((RumorMessage.Rumors, room), (answer.Type, answer.Body.Length));
    }

    [Fact]
    public void A_partner_that_has_more_is_asked_again_with_the_room_it_named_once()
    {
        var (node, protocol) = Start(s_push with { Mode = RumorMode.Pull });
        node.Advance(s_cycle);
        var asked = node.SentRumors()[^1];
        Assert.Equal((RumorMessage.Pull, 100), (asked.Type, asked.Body.Length));
        node.Receive(asked.To, Feedback(1, NonceOf(asked.Body), 0, 543));
        Assert.Equal(543, node.SentRumors()[^1].Body.Length);
        var sent = node.Sent.Count;
        node.Receive(asked.To, Feedback(1, NonceOf(asked.Body), 0, 543));
        Assert.Equal((sent, 1), (node.Sent.Count, protocol.Counters.Strays));
    }

    [Fact]
    public void A_digest_keeps_what_it_names_from_being_sent()
    {
        var options = s_push with { Mode = RumorMode.PushThenPull, PushCycles = 1 };
        var (node, _) = Start(options);
        node.Receive(Lone.From(1), Bodies(1, 1, 0, (50, 9, 2, s_text), (50, 10, 2, s_text)));
        node.Advance(2 * s_cycle);
        var keys = new[] { new RumorId(Lone.Id(50), 1, 9).Key, new RumorId(Lone.Id(50), 1, 10).Key };
        node.Sent.Clear();
        node.Receive(Lone.From(2), Pull(2, 5, 0, 300, keys));
        Assert.Empty(node.SentRumors());
        node.Receive(Lone.From(2), Pull(2, 6, 0, 300, keys[..1]));
        Assert.Equal(1, Assert.Single(node.SentRumors()).Body[9]);
    }

    [Fact]
    public void A_node_that_is_turned_away_hunts_for_another_partner()
    {
        var (node, _) = Start(s_push with { HuntLimit = 2 });
        node.Core.Post(node.Now, RumorProtocol.FrameId, s_text);
        node.Advance(s_cycle);
        for (var hunt = 1; hunt <= 4; hunt++)
        {
            var last = node.SentRumors()[^1];
            node.Receive(last.To, Feedback(1, NonceOf(last.Body), RumorMessage.TurnedAway));
            Assert.Equal(1 + Math.Min(hunt, 2), node.SentRumors().Count);
        }
    }

    [Fact]
    public void A_node_takes_no_more_contacts_in_a_cycle_than_its_limit()
    {
        var (node, protocol) = Start(s_push with { ConnectionLimit = 2 });
        for (ulong i = 1; i <= 5; i++)
        {
            node.Receive(Lone.From(1), Bodies(1, i, 1, (50, (uint)i, 1, s_text)));
        }

        Assert.Equal((2, 3), (protocol.Counters.Heard, protocol.Counters.TurnedAway));
        node.Advance(s_cycle);
        node.Receive(Lone.From(1), Bodies(1, 6, 1, (50, 6, 1, s_text)));
        Assert.Equal(3, protocol.Counters.Heard);
    }

    [Fact]
    public void What_does_not_fit_a_contact_waits_and_gets_its_turn()
    {
        var (node, protocol) = Start(s_push with { DatagramsPerContact = 1, K = 100 });
        for (var i = 0; i < 5; i++)
        {
            node.Core.Post(node.Now, RumorProtocol.FrameId, new byte[400 + i]);
        }

        node.Advance(4 * s_cycle);
        var lengths = new HashSet<int>();
        foreach (var (_, _, body, bytes) in node.SentRumors())
        {
            Assert.True(bytes <= Envelope.MaximumDatagramBytes);
            for (var (at, i) = (10, 0); i < body[9]; i++)
            {
                var length = (body[at + 31] << 8) | body[at + 32];
                lengths.Add(length);
                at += 33 + length;
            }
        }

        Assert.Equal([400, 401, 402, 403, 404], lengths.Order());
        Assert.Equal(3 * 4, protocol.Counters.Deferred);
    }

    [Fact]
    public void A_rumor_too_long_or_too_many_is_refused_where_it_was_said()
    {
        var (node, protocol) = Start(s_push with { NewPerCycle = 3 });
        node.Core.Post(node.Now, RumorProtocol.FrameId, new byte[1_001]);
        node.Core.Post(node.Now, RumorProtocol.FrameId, "not bytes");
        for (var i = 0; i < 4; i++)
        {
            node.Core.Post(node.Now, RumorProtocol.FrameId, s_text);
        }

        Assert.Equal(3, node.Published.OfType<RumorRefused>().Count());
        Assert.Equal((3, 1), (protocol.Counters.Begun, protocol.Counters.Throttled));
    }

    internal static (Lone Node, RumorProtocol Protocol) Start(RumorOptions options)
    {
        var protocol = new RumorProtocol(options);
        var node = new Lone(
            PeerSamplingOptions.Recommended with { CycleTime = TimeSpan.FromHours(1), EvictOnTimeout = false },
            core => core with { Protocols = [protocol] });
        node.Push(1, Lone.Of(2), Lone.Of(3), Lone.Of(4), Lone.Of(5));
        node.Sent.Clear();
        return (node, protocol);
    }
}
