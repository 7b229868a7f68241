using static Hearsay.Protocols.Tests.Dissemination.Broadcast.BroadcastRig;

namespace Hearsay.Protocols.Tests.Dissemination.Broadcast;

/// <summary>A neighbour that is out to do harm: what it costs is bounded, counted, and its own.</summary>
public sealed class BroadcastHostileTests
{
    private const int Victim = 50;

    [Fact]
    public void A_large_message_whose_name_was_forgotten_is_not_taken_twice()
    {
        var rig = new BroadcastRig(o => o with { NameCapacity = 64, SourceCapacity = 16 });
        var manifest = Message(Victim, 1, LargeManifest.Make(new byte[20_000], 10_000), MessageFrame.Large);
        rig.Push(1, manifest);
        for (var origin = 100; origin < 200; origin++)
        {
            rig.Push(1, Message(origin, 1));
        }

        rig.Push(2, manifest);
        Assert.Equal((0, 1), (rig.Node.Core.Counters.ProtocolFaults, rig.Protocol.LargeCount));
        Assert.Equal(1, rig.Counters.Replayed);
    }

    [Fact]
    public void Large_messages_of_one_byte_take_their_share_of_the_room()
    {
        var rig = new BroadcastRig(o => o with { LargeBytes = 1 << 20, MaximumPayloadBytes = 1 << 20 });
        for (ulong i = 1; i <= 1000; i++)
        {
            var manifest = Message(Victim, i, LargeManifest.Make([7], 1024), MessageFrame.Large);
            rig.Push(1, manifest);
            rig.Receive(1, BroadcastFrame.Chunk, [.. Names(IdOf(manifest)), 0, 0, 7]);
        }

        Assert.Equal(1000, rig.Delivered.Count);
        Assert.InRange(rig.Protocol.LargeCount, 1, 256);
    }
}
