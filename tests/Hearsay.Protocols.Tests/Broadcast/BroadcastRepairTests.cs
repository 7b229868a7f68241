using Hearsay.Protocols.Broadcast.Contracts;
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

    private static List<byte[]> Slots(BroadcastRig rig, byte type) =>
        [.. Enumerable.Range(1, 4).SelectMany(peer => rig.Sent(peer, type))];
}
