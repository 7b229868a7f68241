using Hearsay.Protocols.AntiEntropy;
using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Exchange;
using Hearsay.Protocols.AntiEntropy.Replica;
using Hearsay.Protocols.AntiEntropy.Rows;
using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.Tests.AntiEntropy;

/// <summary>Questions with a context in brief, among nodes of which not all know it.</summary>
public sealed class BriefTests
{
    private readonly MapRig _rig = new();

    public BriefTests() => _rig.Set("k", [1]);

    [Fact]
    public void Who_knows_it_is_asked_in_brief_and_who_does_not_is_asked_in_full()
    {
        Assert.Equal(PullMode.Brief, ModeOf(Ask(knowsBrief: true)));
        Assert.Equal(PullMode.Context, ModeOf(Ask(knowsBrief: false)));
    }

    [Fact]
    public void A_heartbeat_without_the_flag_is_of_a_node_that_does_not_know_it()
    {
        var writer = new WireWriter(new byte[64]);
        new Heartbeat(1, 2, 3, IsTrusted: true).Write(ref writer);
        writer.Written[^1] = 1;
        var reader = new WireReader(writer.Written);
        Assert.True(Heartbeat.TryRead(ref reader, out var read));
        Assert.Equal((true, false), (read.IsTrusted, read.KnowsBrief));
    }

    [Fact]
    public void After_an_answer_that_is_not_the_context_of_the_peer_the_question_is_asked_in_full()
    {
        var ask = Ask(knowsBrief: true);
        _rig.Send(1, MapFrame.Offer, (ref WireWriter writer) =>
        {
            writer.WriteBytes(ask.AsSpan(0, sizeof(ulong)));
            Varint.Write(ref writer, 0);
            writer.WriteByte((byte)PullMode.Brief);
            Varint.Write(ref writer, 16 + 6 + 2);
            writer.WriteZeros(16 + 6 + 2);
        });
        Assert.Equal(PullMode.Context, ModeOf(Assert.Single(_rig.Sent(MapFrame.Ask)).Body));
        Assert.Equal((1, 1), (_rig.Counters.Malformed, _rig.Replica.Count));
    }

    /// <summary>An exchange with a peer is under way when another one tells of a difference.</summary>
    [Fact]
    public void Who_told_of_a_difference_meanwhile_is_asked_when_broadcast_is_to_bring_the_rest()
    {
        var ask = Ask(knowsBrief: true);
        _rig.Beat(2, "m", new Heartbeat(5, 6, 7, IsTrusted: true));
        Assert.Empty(_rig.Sent(MapFrame.Ask));
        _rig.Send(1, MapFrame.End, [.. ask[..sizeof(ulong)], (byte)EndReason.OnItsWay]);
        Assert.Equal(Lone.At(2), Assert.Single(_rig.Sent(MapFrame.Ask)).To);
    }

    private byte[] Ask(bool knowsBrief)
    {
        var rig = _rig;
        if (rig.Protocol.Maps["m"].Pull is { } before)
        {
            rig.Send(1, MapFrame.End, (ref WireWriter writer) =>
            {
                writer.WriteUInt64(before.Nonce);
                writer.WriteByte((byte)EndReason.Busy);
            });
        }

        rig.Sent();
        rig.Beat(1, "m", new Heartbeat(1, 2, 3, IsTrusted: true, knowsBrief));
        return Assert.Single(rig.Sent(MapFrame.Ask)).Body;
    }

    private static PullMode ModeOf(byte[] ask) => (PullMode)ask[sizeof(ulong) + 2];
}
