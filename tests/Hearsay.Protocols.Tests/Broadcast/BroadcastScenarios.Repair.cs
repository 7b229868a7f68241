using Hearsay.Protocols.Broadcast;
using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Broadcast.Reach;
using static Hearsay.Protocols.Tests.Broadcast.BroadcastRig;

namespace Hearsay.Protocols.Tests.Broadcast;

/// <summary>What a node asks its neighbours for in a repair, and what it tries again.</summary>
internal static partial class BroadcastScenarios
{
    public static void What_is_on_its_way_is_not_asked_of_another()
    {
        var rig = new BroadcastRig();
        rig.Push(1, Message(Origin, 9));
        rig.Receive(2, BroadcastFrame.Digest, Digest(Origin, 1, 5));
        rig.Receive(3, BroadcastFrame.Digest, Digest(Origin, 1, 5));
        Assert.Single(rig.Sent(2, BroadcastFrame.Fetch));
        Assert.Empty(rig.Sent(3, BroadcastFrame.Fetch));

        // Nothing came: the other is compared with after all, and asked.
        rig.Advance(100);
        Assert.Single(rig.Sent(3, BroadcastFrame.Digest));
        rig.Receive(3, BroadcastFrame.Digest, Digest(Origin, 1, 5));
        Assert.Single(rig.Sent(3, BroadcastFrame.Fetch));
    }

    public static void Who_offers_something_all_the_time_does_not_keep_others_out()
    {
        var rig = new BroadcastRig(options => options with
        {
            RepairInterval = TimeSpan.FromSeconds(2),
        });
        rig.Push(1, Message(Origin, 1));
        var honest = new Queue<double>();
        for (var step = 0; step < 400; step++)
        {
            var before = rig.Sent(2, BroadcastFrame.Digest).Count;
            rig.Receive(1, BroadcastFrame.Digest, Digest(Origin + 1, (ulong)step * 100, ((ulong)step * 100) + 50));
            rig.Advance(5);
            if (rig.Sent(2, BroadcastFrame.Digest).Count > before || step == 50)
            {
                honest.Enqueue(step + 4);
            }

            if (honest.Count > 0 && honest.Peek() == step)
            {
                honest.Dequeue();
                rig.Receive(2, BroadcastFrame.Digest, Digest(Origin, 1, 5));
            }
        }

        Assert.NotEmpty(rig.Sent(2, BroadcastFrame.Fetch));
    }

    public static void A_flood_of_tracked_messages_ends_its_own_tracking_only()
    {
        var rig = new BroadcastRig();
        rig.Protocol.TryPublish(default, [1, 2], out var own, isTracked: true);
        var other = Message(Origin, 1, kind: MessageFrame.Tracked);
        rig.Push(2, other);
        for (ulong sequence = 1; sequence <= 200; sequence++)
        {
            rig.Push(1, Message(Origin + 1, sequence, kind: MessageFrame.Tracked));
        }

        Assert.Equal((1, 1), (rig.Protocol.ReachOf(own), rig.Protocol.ReachOf(IdOf(other))));
        Assert.Equal(200 + 1 - ReachTracker.MaximumTracked, rig.Counters.ReachForgotten);
    }

    public static void A_large_message_that_gave_way_is_tried_again()
    {
        var rig = Narrow(repairSeconds: 2);
        var (old, young) = (PushManifest(rig, 1, 80), PushManifest(rig, 2, 40));
        PushChunks(rig, old, 70);
        PushChunks(rig, young, 30);
        PushChunks(rig, old, 80, from: 70);
        Assert.Equal((1, 1), (rig.Delivered.Count, rig.Counters.LargeExpired));
        rig.Forget();
        rig.Advance(3000);
        Assert.True(IsAskedFor(rig, young));
        PushChunks(rig, young, 40);
        Assert.Equal(2, rig.Delivered.Count);
        Assert.Equal((1, 0), (rig.Counters.LargeRetried, rig.Counters.LargeLost));
    }
}
