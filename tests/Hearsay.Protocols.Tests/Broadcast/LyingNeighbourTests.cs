using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Broadcast.Repair;
using Hearsay.Protocols.Broadcast.Tree;
using Hearsay.Protocols.Wire;
using static Hearsay.Protocols.Tests.Broadcast.BroadcastRig;

namespace Hearsay.Protocols.Tests.Broadcast;

/// <summary>A neighbour says what is not so, over its own link: what that draws, and who has the harm.</summary>
public sealed class LyingNeighbourTests
{
    private const int Origin = 50;
    private const int Liar = 1;
    private const int Frames = 29;

    /// <summary>Questions what came, packed as many as fit a datagram, for two seconds.</summary>
    [Fact]
    public void Questions_of_credit_draw_no_more_than_they_bring()
    {
        var rig = new BroadcastRig();
        var before = Bytes(rig, Liar);
        var brought = 0L;
        for (var packet = 0; packet < 200; packet++)
        {
            var question = new byte[CreditReport.SizeBytes];
            new CreditReport(CreditReport.Asks, (uint)(packet * 1000), 7, 0, 0, 0).Write(question);
            rig.ReceiveTogether(Liar, [.. Enumerable.Repeat((BroadcastFrame.Credit, question), Frames)]);
            brought += Envelope.SizeBytes + (Frames * (Frame.HeaderBytes + BroadcastFrame.LinkBytes + question.Length));
            rig.Advance(10);
        }

        var drawn = Bytes(rig, Liar) - before;
        Swarm.Say($"200 packets of {brought} bytes drew {drawn}.");
        Assert.InRange(drawn, 1, brought);
    }

    /// <summary>It confirms whatever it is asked, or nothing, or that everything piles up; others are honest.</summary>
    [Theory]
    [InlineData("all")]
    [InlineData("none")]
    [InlineData("piles up")]
    [InlineData("none, and piles up")]
    public void False_answers_delay_what_is_published_for_a_moment_and_harm_nobody_else(string says)
    {
        var rig = new BroadcastRig(neighbours: 3);
        if (says != "all")
        {
            rig.Silent.Add(Liar);
        }

        var (read, finished) = (0, 0);
        for (var turn = 0; turn < 400; turn++)
        {
            for (var i = 0; i < 100 && turn < 20; i++)
            {
                rig.Publish([(byte)turn, (byte)i, 3, 4]);
            }

            for (; read < rig.Node.Sent.Count && says != "all"; read++)
            {
                var (to, packet, _) = rig.Node.Sent[read];
                var frame = Swarm.FirstFrame(packet);
                if (to.Address == Lone.At(Liar)
                    && frame is { Protocol: BroadcastFrame.Protocol, Type: BroadcastFrame.Credit }
                    && CreditReport.TryRead(frame.Body.AsSpan(BroadcastFrame.LinkBytes), out var question)
                    && (question.Flags & CreditReport.Asks) != 0)
                {
                    var answer = new byte[CreditReport.SizeBytes];
                    var flags = CreditReport.Answers
                        | (says.Contains("piles", StringComparison.Ordinal) ? CreditReport.PilesUp : 0);
                    var arrived = says.StartsWith("none", StringComparison.Ordinal) ? 0 : question.Sent;
                    new CreditReport((byte)flags, 0, 0, question.Sent, question.Stamp, arrived).Write(answer);
                    rig.Receive(Liar, BroadcastFrame.Credit, answer);
                }
            }

            rig.Advance(10);
            finished = rig.Counters.Published == 2000 ? finished : turn;
        }

        Swarm.Say($"{says}: published after {(finished + 1) * 10} ms, "
            + $"{rig.Sent(Liar, BroadcastFrame.Message).Count} to it, "
            + $"{rig.Sent(2, BroadcastFrame.Message).Count} to another, window "
            + $"{rig.Protocol.Links[rig.Neighbours.Find(Lone.Id(Liar))].Credit.Window}");
        Assert.Equal(2000, rig.Sent(2, BroadcastFrame.Message).Count);
        Assert.InRange(finished, 0, 320);
    }

    /// <summary>Numbers of ever other nodes that lost their parent: each goes on to all other neighbours.</summary>
    [Fact]
    public void Numbers_of_invented_orphans_are_passed_on_at_a_bounded_rate()
    {
        var rig = new BroadcastRig();
        var message = Message(Origin, 1, kind: MessageFrame.Tracked);
        rig.Push(Liar, message);
        rig.Forget();
        var brought = 0L;
        for (var packet = 0; packet < 1000; packet++)
        {
            byte[] count = [0, 0, (byte)(packet >> 8), (byte)packet];
            (byte, byte[])[] frames = [.. Enumerable.Range(0, 28).Select(i => (BroadcastFrame.OrphanReach,
                (byte[])[.. Names(IdOf(message)), .. new byte[7], (byte)i, .. count, 0]))];
            rig.ReceiveTogether(Liar, frames);
            brought += Envelope.SizeBytes
                + frames.Sum(static frame => Frame.HeaderBytes + BroadcastFrame.LinkBytes + frame.Item2.Length);
            rig.Advance(10);
        }

        var drawn = rig.Node.Sent.Sum(static sent => (long)sent.Packet.Length);
        Swarm.Say($"{brought} bytes in 10 s drew {drawn} in {rig.Node.Sent.Count} packets.");
        Assert.True(rig.Counters.OrphansRefused > 20_000);
        Assert.InRange(drawn, 1, brought);
    }

    /// <summary>Names of messages that are never to come.</summary>
    [Fact]
    public void Promises_of_nothing_fill_a_share_of_the_table_and_keep_no_announcement_out()
    {
        var rig = new BroadcastRig();
        var (brought, before) = (0L, Bytes(rig, Liar));
        for (var packet = 0; packet < 1000; packet++)
        {
            var names = Names([.. Enumerable.Range(0, 70).Select(i => new BroadcastId((ulong)packet, (ulong)i + 1))]);
            rig.Receive(Liar, BroadcastFrame.Coming, names);
            brought += Envelope.SizeBytes + Frame.HeaderBytes + BroadcastFrame.LinkBytes + names.Length;
            rig.Advance(1);
        }

        var message = Message(Origin, 1);
        rig.Receive(2, BroadcastFrame.Have, Have(IdOf(message)));
        rig.Advance(100);
        Assert.Contains(rig.Sent(2, BroadcastFrame.Want), body => body.AsSpan().IndexOf(Names(IdOf(message))) >= 0);
        rig.Advance(20_000);
        var drawn = Bytes(rig, Liar) - before;
        Swarm.Say($"{brought} bytes drew {drawn}; {rig.Counters.MissingRefused} refused.");
        Assert.True(rig.Counters.MissingRefused > 10_000);
        Assert.InRange(drawn, 0, brought);
        Assert.All([3, 4], other => Assert.Empty(rig.Sent(other, BroadcastFrame.Want)));
        Assert.All(rig.Sent(2, BroadcastFrame.Want), body => Assert.Equal(Names(IdOf(message)), body));
    }

    /// <summary>As if it had published four thousand million messages, of ever other sources.</summary>
    [Fact]
    public void Farewells_of_invented_publishers_draw_no_more_than_they_bring()
    {
        var rig = new BroadcastRig();
        var (brought, before) = (0L, rig.Node.Sent.Sum(static sent => (long)sent.Packet.Length));
        for (var packet = 0; packet < 500; packet++)
        {
            (byte, byte[])[] frames = [.. Enumerable.Range(0, 20).Select(i => (BroadcastFrame.Farewell,
                (byte[])[1, .. SourceBody(1000 + (packet * 20) + i), .. new byte[7], 1, 255, 255, 255, 255]))];
            rig.ReceiveTogether(Liar, frames);
            brought += Envelope.SizeBytes
                + frames.Sum(static frame => Frame.HeaderBytes + BroadcastFrame.LinkBytes + frame.Item2.Length);
            rig.Advance(10);
        }

        rig.Advance(10_000);
        var drawn = rig.Node.Sent.Sum(static sent => (long)sent.Packet.Length) - before;
        Swarm.Say($"{brought} bytes drew {drawn}.");
        Assert.InRange(drawn, 0, brought);
    }

    /// <summary>A topic is a name in a message and nothing that a node keeps.</summary>
    [Fact]
    public void Ever_other_topics_cost_what_one_topic_costs()
    {
        var (one, many) = (Publish(static _ => "t"), Publish(static i => $"topic {i}"));
        Swarm.Say($"5,000 messages: {one.Bytes} bytes sent for one topic, {many.Bytes} for 5,000; "
            + $"{one.Held} and {many.Held} bytes held");
        Assert.Equal(5000, many.Delivered);
        Assert.Equal(one.Delivered, many.Delivered);
        // The longer names themselves.
        Assert.InRange(many.Bytes - one.Bytes, 0, 5 * 5000 * 12);
        // Memory comes in segments of 64 KiB.
        Assert.InRange(many.Held - one.Held, 0, (5000 * 12) + (1 << 16));

        static (long Bytes, long Held, int Delivered) Publish(Func<int, string> topicOf)
        {
            var rig = new BroadcastRig();
            for (var i = 0; i < 5000; i++)
            {
                var topic = System.Text.Encoding.UTF8.GetBytes(topicOf(i));
                var body = new byte[MessageFrame.HeaderBytes + topic.Length + 100];
                MessageFrame.Write(body, Key(Origin), (ulong)i + 1, 0, topic, new byte[100]);
                rig.Push(Liar, body);
                rig.Advance(1);
            }

            var bytes = rig.Node.Sent.Sum(static sent => (long)sent.Packet.Length);
            return (bytes, rig.Protocol.Store.Bytes, rig.Delivered.Count);
        }
    }

    private static long Bytes(BroadcastRig rig, int to) => rig.Node.Sent
        .Where(sent => sent.To.Address == Lone.At(to)).Sum(static sent => (long)sent.Packet.Length);
}
