using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Node.Guard;
using Hearsay.Protocols.Tests.Node.Guard;
using Hearsay.Protocols.Wire;
using static Hearsay.Protocols.Tests.Broadcast.BroadcastRig;

namespace Hearsay.Protocols.Tests.Broadcast;

/// <summary>
/// Messages of the mode Fanout come from anybody. One from an address that has not proven itself waits until it has.
/// </summary>
public sealed class FanoutProofTests
{
    private const int Origin = 9;

    /// <summary>Beyond those that the rig vouches for.</summary>
    private const int Stranger = 5000;

    [Fact]
    public void A_strangers_message_draws_one_question_and_is_not_used()
    {
        var rig = Rig();
        Hit(rig, Stranger, Message(Origin, 1));
        rig.Advance(500);
        Assert.Empty(rig.Delivered);
        Assert.Empty(SentOn(rig));
        Assert.Equal(0, rig.Protocol.Store.Next);

        // All that it draws is the question whether somebody lives there.
        var (to, packet, _) = Assert.Single(rig.Node.Sent);
        Assert.Equal((Lone.At(Stranger), (Envelope.SizeBytes + Frame.ProofBytes)), (to.Address, packet.Length));
    }

    [Fact]
    public void It_is_delivered_and_sent_on_when_its_address_has_proven_itself()
    {
        var rig = Rig();
        Hit(rig, Stranger, Message(Origin, 1));
        rig.Advance(1);
        Prove(rig, Stranger);
        rig.Advance(1);
        Assert.Equal(4, SentOn(rig).Count);
        Hit(rig, Stranger, Message(Origin, 1));
        Hit(rig, Stranger, Message(Origin, 2));
        rig.Advance(1);
        Assert.Equal((8, 2), (SentOn(rig).Count, rig.Delivered.Count));
    }

    [Fact]
    public void It_counts_once_when_somebody_proven_sends_it_too()
    {
        var rig = Rig();
        var message = Message(Origin, 1);
        Hit(rig, Stranger, message);
        Hit(rig, Stranger + 1, message);
        Hit(rig, 77, message);
        rig.Advance(1);
        Assert.Equal(4, SentOn(rig).Count);
        Prove(rig, Stranger);
        Prove(rig, Stranger + 1);
        rig.Advance(1);
        Assert.Equal(4, SentOn(rig).Count);
        Assert.Equal((1, 2), (rig.Delivered.Count, (int)rig.Counters.Duplicates));
    }

    [Fact]
    public void A_proof_that_comes_late_is_too_late()
    {
        var rig = Rig();
        Hit(rig, Stranger, Message(Origin, 1));
        rig.Advance(1100);
        Prove(rig, Stranger);
        rig.Advance(1);
        Assert.Empty(rig.Delivered);
    }

    [Fact]
    public void Of_those_that_wait_the_oldest_gives_way()
    {
        var rig = Rig();
        for (var i = 0; i < 100; i++)
        {
            Hit(rig, Stranger + i, Message(Origin, (ulong)i + 1));
            rig.Advance(1);
        }

        Assert.Equal((0, 36), (rig.Delivered.Count, (int)rig.Counters.NotSentOn));
        Prove(rig, Stranger + 99);
        Assert.Single(rig.Delivered);
    }

    [Fact]
    public void One_address_has_a_share_of_the_room()
    {
        var rig = Rig();
        for (var i = 0; i < 40; i++)
        {
            Hit(rig, Stranger, Message(Origin, (ulong)i + 1));
        }

        rig.Advance(1);
        Assert.Equal(24, rig.Counters.NotSentOn);
        Prove(rig, Stranger);
        Assert.Equal(16, rig.Delivered.Count);
    }

    [Fact]
    public void What_the_node_publishes_itself_waits_for_nobody()
    {
        var rig = Rig();
        rig.Publish([1, 2, 3]);
        rig.Advance(1);
        Assert.Equal(4, SentOn(rig).Count);
    }

    /// <summary>A node that sends to four of the twenty peers in its view.</summary>
    private static BroadcastRig Rig()
    {
        var rig = new BroadcastRig(o => o with { Mode = BroadcastMode.Fanout, Fanout = 4 }, neighbours: 1);
        for (var i = 20; i < 40; i++)
        {
            rig.Node.Push(i);
        }

        rig.Forget();
        return rig;
    }

    private static void Hit(BroadcastRig rig, int from, byte[] message) => rig.Node.Receive(
        Lone.From(from), Lone.Packet(
            Lone.Id(20), BroadcastFrame.Protocol, BroadcastFrame.Message, b => b.UInt64(0).Raw(message)));

    /// <summary>Sends back the number of the question that an address was sent last.</summary>
    private static void Prove(BroadcastRig rig, int address)
    {
        var look = rig.Node.Sent.Last(sent => sent.To.Address == Lone.At(address)).Packet;
        rig.Node.Receive(Lone.From(address), WholeNodes.Packet(Lone.Id(20), (Frame.Node, Frame.Echo, look[^8..])));
    }

    private static List<byte[]> SentOn(BroadcastRig rig) =>
        [.. Enumerable.Range(20, 20).SelectMany(number => rig.Sent(number, BroadcastFrame.Message))];
}
