using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Wire;
using static Hearsay.Protocols.Tests.Broadcast.BroadcastRig;

namespace Hearsay.Protocols.Tests.Broadcast;

/// <summary>Comparing what is known with neighbours, and <see cref="BroadcastOptions.Repair"/>.</summary>
public sealed class BroadcastRepairTests
{
    private const int Origin = 50;

    [Fact]
    public void What_a_digest_names_and_is_not_here_is_fetched()
    {
        var rig = new BroadcastRig();
        rig.Push(1, Message(Origin, 2));
        rig.Receive(2, BroadcastFrame.Digest, Digest(Origin, 1, 5));
        var fetch = new WireReader(Assert.Single(rig.Sent(2, BroadcastFrame.Fetch)));
        Assert.Equal(Key(Origin), SourceKey.Read(ref fetch));
        Assert.Equal(2, fetch.ReadByte());
        Assert.Equal((1UL, 0), (fetch.ReadUInt64(), fetch.ReadUInt16()));
        Assert.Equal((3UL, 2), (fetch.ReadUInt64(), fetch.ReadUInt16()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Without_repair_a_node_asks_for_nothing_by_itself_and_answers_those_that_ask(bool repair)
    {
        var rig = new BroadcastRig(o => o with { Repair = repair, RepairInterval = 2 * Second });
        rig.Push(1, Message(Origin, 1));
        rig.Push(1, Message(Origin, 5));
        rig.Receive(2, BroadcastFrame.Digest, Digest(Origin, 1, 5));
        rig.Advance(10_000);
        Assert.Equal(repair, Slots(rig, BroadcastFrame.Fetch).Count > 0);
        Assert.Equal(repair, Slots(rig, BroadcastFrame.Digest).Count > 0);

        rig.Forget();
        rig.Receive(3, BroadcastFrame.Digest, 1);
        Assert.Single(rig.Sent(3, BroadcastFrame.Digest));
    }

    /// <summary>Who publishes it finds what was lost, so that nothing comes in two ways.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_is_not_repaired_is_compared_with_nobody_and_told_as_lost_to_nobody(bool repaired)
    {
        var rig = new BroadcastRig(o => o with { RepairInterval = 2 * Second });
        var key = repaired ? Key(Origin) : Key(Origin).Unrepaired;
        rig.Push(1, Of(key, 1));
        rig.Push(1, Of(key, 5));
        Assert.Equal(2, rig.Delivered.Count);
        rig.Advance(10_000);
        var named = Slots(rig, BroadcastFrame.Digest).Where(static body => body.Length > 1).ToArray();
        Assert.Equal(repaired, named.Length > 0);
        Assert.Equal(repaired, Slots(rig, BroadcastFrame.Fetch).Count > 0);

        rig.Forget();
        var digest = Digest(Origin, 1, 9);
        var writer = new WireWriter(digest.AsSpan(1));
        key.Write(ref writer);
        rig.Receive(2, BroadcastFrame.Digest, digest);
        rig.Advance(1_000);
        Assert.Equal(repaired, Slots(rig, BroadcastFrame.Fetch).Count > 0);

        rig.Advance(200_000);
        Assert.Equal(repaired, rig.Losses.Count > 0);
        Assert.Equal(repaired, rig.Counters.MessagesLost > 0);
    }

    [Fact]
    public void What_a_node_publishes_without_repair_has_numbers_of_its_own()
    {
        var rig = new BroadcastRig();
        rig.Publish([1]);
        rig.Protocol.TryPublish(default, [2], out _, isRepaired: false);
        rig.Publish([3]);
        rig.Protocol.TryPublish(default, [4], out _, isRepaired: false);
        var sent = rig.Sent(1, BroadcastFrame.Message).Select(static body =>
        {
            Assert.True(MessageFrame.TryRead(body, out var frame));
            return (frame.Payload[0], frame.Source.IsRepaired, frame.Sequence);
        });
        Assert.Equal([(1, true, 1), (2, false, 1), (3, true, 2), (4, false, 2)], sent);

        // Nobody else speaks for this node in either way.
        rig.Push(2, Of(new SourceKey(Lone.Id(0), rig.Node.Core.Self.Incarnation).Unrepaired, 9));
        Assert.Equal(1, rig.Counters.Forged);
    }

    private static byte[] Of(SourceKey key, ulong sequence)
    {
        var body = Message(Origin, sequence);
        var writer = new WireWriter(body.AsSpan(MessageFrame.ChangingBytes));
        key.Write(ref writer);
        return body;
    }

    private static List<byte[]> Slots(BroadcastRig rig, byte type) =>
        [.. Enumerable.Range(1, 4).SelectMany(peer => rig.Sent(peer, type))];
}
