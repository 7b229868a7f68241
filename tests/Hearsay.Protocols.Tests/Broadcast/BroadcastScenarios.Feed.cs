using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Transfer;
using static Hearsay.Protocols.Tests.Broadcast.BroadcastRig;

namespace Hearsay.Protocols.Tests.Broadcast;

/// <summary>What goes with chunks that follow their manifest.</summary>
internal static partial class BroadcastScenarios
{
    private const int ChunkBytes = 10_000;

    public static void Chunks_follow_their_manifest_down_the_tree()
    {
        var rig = Warm();
        var id = PushManifest(rig, 2, 3);
        Assert.Empty(rig.Sent(1, BroadcastFrame.WantChunks));
        Assert.Equal(MessageFrame.Feeds, Assert.Single(rig.Sent(2, BroadcastFrame.Message))[0]);
        PushChunk(rig, id, 1);
        Assert.Equal(Chunk(id, 1), Assert.Single(rig.Sent(2, BroadcastFrame.Chunk)));
        Assert.Single(rig.Sent(4, BroadcastFrame.Chunk));
        Assert.Empty(rig.Sent(1, BroadcastFrame.Chunk));
        PushChunk(rig, id, 0);
        PushChunk(rig, id, 2);
        Assert.Equal(2, rig.Delivered.Count);
        Assert.Equal(3 * ChunkBytes, rig.Delivered[1].Payload.Length);
    }

    public static void What_goes_unasked_to_a_neighbour_is_bounded()
    {
        var rig = Warm();
        for (ulong sequence = 2; sequence < 6; sequence++)
        {
            PushManifest(rig, sequence, 40);
        }

        // Two messages of 32 chunks each; the other two are left to be asked for.
        Assert.Equal(2, rig.Sent(2, BroadcastFrame.Message).Count(body => body[0] == MessageFrame.Feeds));
        Assert.Equal(2 * 3, rig.Counters.FeedsRefused);
        rig.Advance(1000);
        PushManifest(rig, 6, 40);
        Assert.Equal(3, rig.Sent(2, BroadcastFrame.Message).Count(body => body[0] == MessageFrame.Feeds));
    }

    public static void Who_has_a_large_message_from_elsewhere_is_not_fed()
    {
        var rig = Warm();
        var id = PushManifest(rig, 2, 3);
        rig.Receive(2, BroadcastFrame.Have, Have(id));
        PushChunk(rig, id, 0);
        Assert.Empty(rig.Sent(2, BroadcastFrame.Chunk));
        Assert.Single(rig.Sent(3, BroadcastFrame.Chunk));
    }

    public static void A_chunk_before_its_manifest_announces_it()
    {
        var rig = Warm();
        var (overtaken, lost) = (Manifest(2, 3), Manifest(3, 3));
        PushChunk(rig, IdOf(overtaken), 1);
        rig.Push(1, overtaken);
        Assert.Equal(Chunk(IdOf(overtaken), 1), Assert.Single(rig.Sent(2, BroadcastFrame.Chunk)));
        Assert.Empty(rig.Sent(1, BroadcastFrame.WantChunks));
        PushChunk(rig, IdOf(lost), 0);
        rig.Advance(50);
        Assert.Equal(Names(IdOf(lost)), rig.Sent(1, BroadcastFrame.Want).FirstOrDefault());
    }

    private static BroadcastRig Warm()
    {
        var rig = new BroadcastRig();
        rig.Push(1, Message(Origin, 1));
        rig.Forget();
        return rig;
    }

    private static byte[] Manifest(ulong sequence, int chunks) => Message(
        Origin, sequence, TransferManifest.Make(new byte[chunks * ChunkBytes], ChunkBytes), MessageFrame.Large,
        MessageFrame.Feeds);

    private static BroadcastId PushManifest(BroadcastRig rig, ulong sequence, int chunks)
    {
        var body = Manifest(sequence, chunks);
        rig.Push(1, body);
        return IdOf(body);
    }

    private static void PushChunk(BroadcastRig rig, BroadcastId id, byte chunk) =>
        rig.Receive(1, BroadcastFrame.Chunk, Chunk(id, chunk));

    private static byte[] Chunk(BroadcastId id, byte chunk) => [.. Names(id), 0, chunk, .. new byte[ChunkBytes]];
}
