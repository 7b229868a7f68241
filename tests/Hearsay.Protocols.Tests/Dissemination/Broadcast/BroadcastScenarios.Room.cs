using static Hearsay.Protocols.Tests.Dissemination.Broadcast.BroadcastRig;

namespace Hearsay.Protocols.Tests.Dissemination.Broadcast;

/// <summary>What goes with the room for large messages, when those that hold it never complete.</summary>
internal static partial class BroadcastScenarios
{
    private const int Huge = (16 << 20) / ChunkBytes;

    public static void Large_messages_whose_sender_vanished_give_way(BroadcastDefects defects)
    {
        var rig = With(defects);
        for (ulong sequence = 1; sequence <= 4; sequence++)
        {
            PushChunks(rig, PushManifest(rig, sequence, Huge), 250);
        }

        // All 64 MiB are taken, and after a good beginning nothing more of them comes.
        rig.Advance(1000);
        PushManifest(rig, 5, 3);
        Assert.Equal((4, 1), (rig.Protocol.LargeCount, (int)rig.Counters.LargeRefused));
        rig.Advance(3000);
        PushChunks(rig, PushManifest(rig, 6, 3), 3);
        Assert.Single(rig.Delivered);
        Assert.Equal((4, 1, 1), (
            rig.Protocol.LargeCount, (int)rig.Counters.LargeExpired, (int)rig.Counters.LargeRefused));
    }

    public static void A_large_message_that_drips_gives_way(BroadcastDefects defects)
    {
        var rig = Narrow(defects);
        var slow = PushManifest(rig, 1, 100);
        for (byte chunk = 0; chunk < 10; chunk++)
        {
            // At one chunk in 2 s it would take 200 s, and nobody holds it longer than 60.
            PushChunk(rig, slow, chunk);
            rig.Advance(2000);
        }

        PushChunks(rig, PushManifest(rig, 2, 3), 3);
        Assert.Single(rig.Delivered);
        Assert.Equal(1, rig.Counters.LargeExpired);
    }

    public static void A_large_message_that_makes_progress_keeps_its_room(BroadcastDefects defects)
    {
        var rig = Narrow(defects);
        var (good, silent) = (PushManifest(rig, 1, 50), PushManifest(rig, 2, 50));
        PushChunk(rig, silent, 0);
        for (byte chunk = 0; chunk < 10; chunk++)
        {
            PushChunk(rig, good, chunk);
            rig.Advance(1000);
        }

        PushManifest(rig, 3, 40);
        PushManifest(rig, 4, 40);
        Assert.Equal((1, 1), ((int)rig.Counters.LargeExpired, (int)rig.Counters.LargeRefused));
        PushChunks(rig, good, 50);
        Assert.Equal(50 * ChunkBytes, Assert.Single(rig.Delivered).Payload.Length);
    }

    /// <summary>With room for a hundred chunks.</summary>
    private static BroadcastRig Narrow(BroadcastDefects defects) => new(options => options with
    {
        Defects = defects, LargeBytes = 100 * ChunkBytes, MaximumPayloadBytes = 100 * ChunkBytes,
    });

    private static void PushChunks(BroadcastRig rig, BroadcastId id, int chunks)
    {
        for (var chunk = 0; chunk < chunks; chunk++)
        {
            PushChunk(rig, id, (byte)chunk);
        }
    }
}
