using Hearsay.Protocols.Broadcast.Contracts;
using static Hearsay.Protocols.Tests.Broadcast.BroadcastRig;

namespace Hearsay.Protocols.Tests.Broadcast;

/// <summary>What goes with the room for large messages, when those that hold it never complete.</summary>
internal static partial class BroadcastScenarios
{
    private const int Huge = (16 << 20) / ChunkBytes;

    public static void Manifests_of_which_nothing_comes_take_no_room()
    {
        var rig = new BroadcastRig();
        for (ulong sequence = 1; sequence <= 4; sequence++)
        {
            PushManifest(rig, sequence, Huge);
        }

        PushChunks(rig, PushManifest(rig, 5, 3), 3);
        Assert.Single(rig.Delivered);
        Assert.Equal((5, 3 * ChunkBytes), (rig.Protocol.LargeCount, rig.Protocol.LargeRoomBytes));
    }

    public static void A_manifest_of_which_nothing_came_leaves_its_place_to_another()
    {
        var rig = new BroadcastRig();
        var first = PushManifest(rig, 1, 2);
        PushChunk(rig, first, 0);
        for (ulong sequence = 2; sequence <= 256; sequence++)
        {
            PushManifest(rig, sequence, 2);
        }

        PushChunks(rig, PushManifest(rig, 257, 2), 2);
        Assert.Single(rig.Delivered);
        PushChunk(rig, first, 1);
        Assert.Equal(2, rig.Delivered.Count);
        Assert.Equal((1, 0), (rig.Counters.LargeExpired, rig.Counters.LargeRefused));
    }

    public static void Large_messages_whose_sender_vanished_give_way()
    {
        var rig = Narrow();
        for (ulong sequence = 1; sequence <= 4; sequence++)
        {
            PushChunks(rig, PushManifest(rig, sequence, 90), 25);
        }

        // All room is taken, and after a good beginning nothing more of them comes.
        rig.Advance(1000);
        PushChunks(rig, PushManifest(rig, 5, 3), 1);
        Assert.Equal((5, 1), (rig.Protocol.LargeCount, rig.Counters.ChunksWithoutRoom));
        rig.Advance(3000);
        PushChunks(rig, PushManifest(rig, 6, 3), 3);
        Assert.Single(rig.Delivered);
        Assert.Equal((5, 1, 1), (
            rig.Protocol.LargeCount, rig.Counters.LargeExpired, rig.Counters.ChunksWithoutRoom));
    }

    public static void A_large_message_that_drips_gives_way()
    {
        var rig = Narrow();
        var slow = PushManifest(rig, 1, 100);
        for (byte chunk = 0; chunk < 10; chunk++)
        {
            // At one chunk in 2 s it would take 200 s, and nobody holds it longer than 60.
            PushChunk(rig, slow, chunk);
            rig.Advance(2000);
        }

        PushChunks(rig, PushManifest(rig, 2, 95), 95);
        Assert.Single(rig.Delivered);
        Assert.Equal(1, rig.Counters.LargeExpired);
    }

    public static void A_large_message_that_makes_progress_keeps_its_room()
    {
        var rig = Narrow();
        var (good, silent) = (PushManifest(rig, 1, 60), PushManifest(rig, 2, 50));
        PushChunks(rig, silent, 30);
        for (byte chunk = 0; chunk < 10; chunk++)
        {
            PushChunk(rig, good, chunk);
            rig.Advance(1000);
        }

        PushChunks(rig, good, 50, from: 10);
        PushChunks(rig, PushManifest(rig, 3, 40), 40);
        Assert.Single(rig.Delivered);
        PushChunks(rig, PushManifest(rig, 4, 55), 51);
        Assert.Equal((1, 1), (rig.Counters.LargeExpired, rig.Counters.ChunksWithoutRoom));
        PushChunks(rig, good, 60, from: 50);
        Assert.Equal(60 * ChunkBytes, rig.Delivered[^1].Payload.Length);
    }

    public static void Of_those_that_do_not_fit_together_the_oldest_completes()
    {
        var rig = Narrow();
        var (old, young) = (PushManifest(rig, 1, 80), PushManifest(rig, 2, 80));
        for (byte chunk = 0; chunk < 80; chunk++)
        {
            PushChunk(rig, old, chunk);
            PushChunk(rig, young, chunk);
        }

        Assert.Equal(old, Assert.Single(rig.Delivered).Id);
        Assert.Equal(1, rig.Counters.LargeExpired);
    }

    public static void What_finds_no_room_is_asked_for_again_when_there_is()
    {
        var rig = Narrow();
        PushChunks(rig, PushManifest(rig, 1, 90), 80);
        var young = PushManifest(rig, 2, 40);
        PushChunks(rig, young, 25);
        Assert.Equal(5, rig.Counters.ChunksWithoutRoom);
        rig.Forget();
        rig.Advance(2500);
        Assert.False(IsAskedFor(rig, young));
        rig.Advance(1000);
        Assert.True(IsAskedFor(rig, young));
        PushChunks(rig, young, 40, from: 20);
        Assert.Equal(young, Assert.Single(rig.Delivered).Id);
    }

    private static bool IsAskedFor(BroadcastRig rig, BroadcastId id) => Enumerable.Range(1, 4).Any(
        slot => rig.Sent(slot, BroadcastFrame.WantChunks).Any(body => BroadcastId.Read(body) == id));

    /// <summary>With room for a hundred chunks.</summary>
    private static BroadcastRig Narrow(double repairSeconds = 3600) => new(o => o with
    {
        LargeBytes = 100 * ChunkBytes, MaximumPayloadBytes = 100 * ChunkBytes,
        RepairInterval = TimeSpan.FromSeconds(repairSeconds),
    });

    private static void PushChunks(BroadcastRig rig, BroadcastId id, int chunks, int from = 0)
    {
        for (var chunk = from; chunk < chunks; chunk++)
        {
            PushChunk(rig, id, (byte)chunk);
        }
    }
}
