using System.Buffers.Binary;
using Hearsay.Protocols.Broadcast.Contracts;
using static Hearsay.Protocols.Tests.Broadcast.BroadcastRig;

namespace Hearsay.Protocols.Tests.Broadcast;

/// <summary>Large messages of a publisher that publishes faster than others fetch them.</summary>
public sealed class OwnLargeTests
{
    private const int Bytes = 60_000;
    private readonly List<(PublishOutcome Outcome, BroadcastId Id)> _published = [];

    [Fact]
    public void The_next_large_message_waits_until_somebody_has_the_one_before_it()
    {
        var rig = Rig();
        Publish(rig, 3);
        rig.Advance(3900);
        Assert.Equal([PublishOutcome.Published], Outcomes);
        Assert.Equal(2, rig.Protocol.PublishesWaiting);

        // A request is answered however long ago the message was published.
        rig.Forget();
        rig.Receive(1, BroadcastFrame.WantChunks, [.. Names(_published[0].Id), 0, 5]);
        Assert.Single(rig.Sent(1, BroadcastFrame.Chunk));

        rig.Receive(2, BroadcastFrame.Have, Whole(_published[0].Id));
        Assert.Equal([PublishOutcome.Published, PublishOutcome.Published], Outcomes);
        rig.Receive(2, BroadcastFrame.Have, Whole(_published[1].Id));
        Assert.Equal(3, Outcomes.Count(outcome => outcome == PublishOutcome.Published));
    }

    [Fact]
    public void Who_publishes_is_told_when_nobody_fetches()
    {
        var rig = Rig();
        Publish(rig, 3);
        for (var i = 0; i < 120; i++)
        {
            rig.Advance(100);
        }

        Assert.Equal([PublishOutcome.Published, PublishOutcome.NoRoom, PublishOutcome.NoRoom], Outcomes);
    }

    [Fact]
    public void Small_messages_are_not_lost_behind_a_large_one_that_has_no_room()
    {
        var rig = Rig();
        Publish(rig, 2);
        Post(rig, new byte[10]);
        for (var i = 0; i < 60; i++)
        {
            rig.Advance(100);
        }

        Assert.Equal([PublishOutcome.Published, PublishOutcome.NoRoom, PublishOutcome.Published], Outcomes);
    }

    [Fact]
    public void A_node_without_a_network_waits_for_nobody()
    {
        var rig = Rig(neighbours: 0);
        Publish(rig, 10);
        Assert.Equal(10, Outcomes.Count(outcome => outcome == PublishOutcome.Published));
        Assert.InRange(rig.Protocol.LargeRoomBytes, Bytes, 4 * Bytes);
    }

    private IEnumerable<PublishOutcome> Outcomes => _published.Select(one => one.Outcome);

    private static BroadcastRig Rig(int neighbours = 2) => new(
        o => o with { LargeBytes = 4 * Bytes, MaximumPayloadBytes = 2 * Bytes, ChunkBytes = 10_000 }, neighbours);

    private void Publish(BroadcastRig rig, int messages)
    {
        for (var i = 0; i < messages; i++)
        {
            var payload = new byte[2 * Bytes];
            BinaryPrimitives.WriteInt32BigEndian(payload, i);
            Post(rig, payload);
        }
    }

    private void Post(BroadcastRig rig, byte[] payload) => rig.Node.Core.Post(
        rig.Node.Now, BroadcastFrame.Protocol, new PublishCommand(default, payload, (what, id) =>
            _published.Add((what, id))));

    private static byte[] Whole(BroadcastId id) => [.. Names(id), BroadcastFrame.Whole | 4, 0, 1];
}
