using Hearsay.Protocols.Node.Guard;
using Hearsay.Protocols.Rumors;
using Hearsay.Protocols.Wire;
using static Hearsay.Protocols.Tests.Rumors.RumorFrames;

namespace Hearsay.Protocols.Tests.Rumors;

/// <summary>
/// A rumor goes to everybody, so it is not learned, and not told on, before the address it came from is proven.
/// </summary>
public sealed class RumorProofTests
{
    /// <summary>Beyond those that the node vouches for.</summary>
    private const int Stranger = 5000;

    private static readonly byte[] s_text = new byte[500];

    private static readonly RumorOptions s_push = new() { Mode = RumorMode.Push, Staggered = false };

    [Fact]
    public void A_strangers_rumor_draws_one_question_and_is_neither_heard_nor_told()
    {
        var (node, protocol) = RumorProtocolTests.Start(s_push);
        node.Sent.Clear();
        node.Receive(Lone.From(Stranger), Bodies(1, 1, 0, (50, 1, 1, s_text)));
        node.Advance(10 * s_push.CycleTime);

        Assert.Empty(node.Published);
        Assert.Empty(node.SentRumors());
        Assert.Equal((0, 0), (protocol.KnownCount, protocol.Counters.Heard));
        var (_, packet, _) = Assert.Single(node.Sent, static sent => sent.To.Address == Lone.At(Stranger));
        Assert.Equal((Envelope.SizeBytes + Frame.ProofBytes), packet.Length);
    }

    [Fact]
    public void It_is_heard_and_told_once_its_address_has_proven_itself()
    {
        var (node, protocol) = RumorProtocolTests.Start(s_push);
        node.Receive(Lone.From(Stranger), Bodies(1, 1, 0, (50, 1, 1, s_text), (51, 1, 1, [7])));
        node.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Empty(node.Published);
        Prove(node, Stranger);

        Assert.Equal(2, node.Published.OfType<RumorHeard>().Count());
        Assert.Equal((2, 2), (protocol.KnownCount, (int)protocol.Counters.Heard));
        node.Sent.Clear();
        node.Advance(s_push.CycleTime);
        Assert.NotEmpty(node.SentRumors());

        // From then on the address needs no other proof.
        node.Receive(Lone.From(Stranger), Bodies(1, 2, 0, (52, 1, 1, s_text)));
        Assert.Equal(3, node.Published.OfType<RumorHeard>().Count());
    }

    [Fact]
    public void The_teller_is_told_at_once_that_it_was_new()
    {
        var (node, _) = RumorProtocolTests.Start(s_push);
        node.Sent.Clear();
        node.Receive(Lone.From(Stranger), Bodies(1, 9, RumorMessage.WantsFeedback, (50, 1, 1, s_text)));

        var (_, type, body, _) = Assert.Single(node.SentRumors());
        Assert.Equal((RumorMessage.Feedback, 9ul), (type, NonceOf(body)));
        Assert.Equal(1, body[11]);
        Assert.NotEqual(0, body[^1] & RumorMessage.WasNew);
    }

    [Fact]
    public void What_others_tell_meanwhile_is_heard_once()
    {
        var (node, protocol) = RumorProtocolTests.Start(s_push);
        node.Receive(Lone.From(Stranger), Bodies(1, 1, 0, (50, 1, 1, s_text)));
        node.Receive(Lone.From(1), Bodies(1, 2, 0, (50, 1, 1, s_text)));
        node.Advance(TimeSpan.FromMilliseconds(1));
        Prove(node, Stranger);

        Assert.Single(node.Published.OfType<RumorHeard>());
        Assert.Equal(1, protocol.KnownCount);
    }

    [Fact]
    public void A_rumor_that_is_known_waits_for_no_proof()
    {
        var (node, protocol) = RumorProtocolTests.Start(s_push);
        node.Receive(Lone.From(1), Bodies(1, 2, 0, (50, 1, 1, s_text)));
        node.Advance(s_push.CycleTime);
        var sent = node.Sent.Count;
        node.Receive(Lone.From(Stranger), Bodies(1, 1, 0, (50, 1, 1, s_text)));

        Assert.Equal((1, sent), ((int)protocol.Counters.Duplicates, node.Sent.Count));
    }

    [Fact]
    public void A_proof_that_comes_late_is_too_late()
    {
        var (node, _) = RumorProtocolTests.Start(s_push);
        node.Receive(Lone.From(Stranger), Bodies(1, 1, 0, (50, 1, 1, s_text)));
        node.Advance(TimeSpan.FromMilliseconds(1_100));
        Prove(node, Stranger);
        Assert.Empty(node.Published);
    }

    [Fact]
    public void Of_the_frames_that_wait_the_oldest_gives_way_and_one_address_has_a_share_of_the_room()
    {
        var (node, protocol) = RumorProtocolTests.Start(s_push);
        for (var i = 0; i < 40; i++)
        {
            node.Receive(Lone.From(Stranger), Bodies(1, (ulong)i + 1, 0, (50, (uint)i + 1, 1, s_text)));
        }

        Assert.Equal(24, protocol.Counters.Unproven);
        for (var i = 1; i <= 60; i++)
        {
            node.Receive(Lone.From(Stranger + i), Bodies(1, 1, 0, (51, (uint)i, 1, s_text)));
            node.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.Equal(24 + 12, protocol.Counters.Unproven);
        Prove(node, Stranger + 60);
        Assert.Single(node.Published.OfType<RumorHeard>());
    }

    /// <summary>Sends back the number of the question that an address was sent last.</summary>
    private static void Prove(Lone node, int address)
    {
        var look = node.Sent.Last(sent => sent.To.Address == Lone.At(address)).Packet;
        node.Receive(Lone.From(address), Lone.Packet(
            Lone.Id(1), Frame.Node, Frame.Echo, body => body.Raw(look[^8..])));
    }
}
