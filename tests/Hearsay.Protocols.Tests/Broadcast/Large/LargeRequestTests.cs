using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Transfer;
using static Hearsay.Protocols.Tests.Broadcast.BroadcastRig;

namespace Hearsay.Protocols.Tests.Broadcast.Large;

/// <summary>Who is asked for the chunks of a large message, who is sent them, who is told that they are here.</summary>
public sealed class LargeRequestTests
{
    private const int Origin = 50;
    private const int ChunkBytes = 10_000;
    private const int Chunks = 3;

    [Fact]
    public void Who_is_known_to_hold_it_is_asked()
    {
        var rig = new BroadcastRig();
        var (manifest, id) = Manifest(1);
        rig.Receive(3, BroadcastFrame.Have, HaveWhole(id));
        rig.Push(1, manifest);
        Assert.Equal([.. Names(id), 0x80, 0, 0x80, 1, 0x80, 2], Assert.Single(rig.Sent(3, BroadcastFrame.WantChunks)));
        Assert.Empty(rig.Sent(1, BroadcastFrame.WantChunks));
    }

    [Fact]
    public void Every_neighbour_is_asked_before_one_is_asked_again()
    {
        var rig = new BroadcastRig(neighbours: 6);
        rig.Push(1, Manifest(1).Manifest);
        for (var second = 0; second < 8; second++)
        {
            rig.Advance(1000);
            int[] asked = [.. Enumerable.Range(1, 6).Select(slot => rig.Sent(slot, BroadcastFrame.WantChunks).Count)];
            Assert.InRange(asked.Max() - asked.Min(), 0, 1);
        }

        Assert.All(Enumerable.Range(1, 6), slot => Assert.NotEmpty(rig.Sent(slot, BroadcastFrame.WantChunks)));
    }

    [Fact]
    public void Who_lacks_it_says_so_and_the_next_is_asked_at_once()
    {
        var rig = new BroadcastRig();
        var (manifest, id) = Manifest(1);
        rig.Push(1, manifest);
        rig.Advance(1300);
        var asked = new HashSet<int> { 1 };
        for (var i = 0; i < 3; i++)
        {
            var slot = Enumerable.Range(1, 4).Single(
                slot => rig.Sent(slot, BroadcastFrame.WantChunks).Count > 0 && asked.Add(slot));
            rig.Receive(slot, BroadcastFrame.NoChunks, [.. Names(id), 0, 0, 0, 1, 0, 2]);
        }

        Assert.Equal(4, asked.Count);
    }

    [Fact]
    public void Who_says_that_it_holds_what_was_asked_for_in_vain_is_asked_at_once()
    {
        var rig = new BroadcastRig(neighbours: 2);
        var (manifest, id) = Manifest(1);
        rig.Push(1, manifest);
        rig.Advance(1300);
        rig.Receive(2, BroadcastFrame.NoChunks, [.. Names(id), 0, 0, 0, 1, 0, 2]);
        rig.Forget();
        rig.Receive(2, BroadcastFrame.Have, HaveWhole(id));
        Assert.Single(rig.Sent(2, BroadcastFrame.WantChunks));
        rig.Forget();
        rig.Receive(2, BroadcastFrame.Have, HaveWhole(id));
        rig.Receive(2, BroadcastFrame.Gone, Names(id));
        rig.Receive(2, BroadcastFrame.Have, HaveWhole(id));
        Assert.Empty(rig.Sent(2, BroadcastFrame.WantChunks));
    }

    [Fact]
    public void A_chunk_that_is_not_here_is_promised_to_who_may_wait_and_refused_to_who_wants_it_now()
    {
        var rig = new BroadcastRig();
        var (manifest, id) = Manifest(1);
        rig.Push(1, manifest);
        rig.Receive(2, BroadcastFrame.WantChunks, [.. Names(id), 0, 1]);
        rig.Receive(3, BroadcastFrame.WantChunks, [.. Names(id), 0x80, 0, 0x80, 1]);
        Assert.Equal([.. Names(id), 0, 0, 0, 1], Assert.Single(rig.Sent(3, BroadcastFrame.NoChunks)));
        Assert.Empty(rig.Sent(2, BroadcastFrame.NoChunks));
        rig.Receive(1, BroadcastFrame.Chunk, Chunk(id, 1));
        Assert.Single(rig.Sent(2, BroadcastFrame.Chunk));
        Assert.Empty(rig.Sent(3, BroadcastFrame.Chunk));
    }

    [Fact]
    public void Who_has_all_of_it_says_so_once()
    {
        var rig = new BroadcastRig();
        var (manifest, id) = Manifest(1);
        rig.Push(1, manifest);
        rig.Receive(2, BroadcastFrame.Have, HaveWhole(id));
        rig.Advance(10);
        rig.Forget();
        Complete(rig, id);
        rig.Advance(10);
        Assert.Equal([.. Names(id), BroadcastFrame.Whole | 4, 0, 1], Assert.Single(rig.Sent(3, BroadcastFrame.Have)));
        Assert.Empty(rig.Sent(2, BroadcastFrame.Have));
    }

    [Fact]
    public void What_a_full_link_does_not_take_is_kept_for_it()
    {
        var rig = new BroadcastRig();
        var (manifest, id) = Manifest(1);
        rig.Push(1, manifest);
        Complete(rig, id);
        rig.Node.IsFull = link => link.Kind == LinkKind.Stream;
        rig.Receive(2, BroadcastFrame.WantChunks, [.. Names(id), 0x80, 0, 0x80, 1, 0x80, 2]);
        rig.Receive(3, BroadcastFrame.WantChunks, [.. Names(id), 0x80, 2]);
        rig.Advance(5000);
        Assert.Equal((0L, 4L), (rig.Counters.ChunksSent, rig.Counters.ChunksDelayed));
        rig.Receive(3, BroadcastFrame.Have, HaveWhole(id));
        rig.Node.IsFull = null;
        rig.Advance(101);
        Assert.Equal([0, 1, 2], rig.Sent(2, BroadcastFrame.Chunk).Select(body => (int)body[17]));
        Assert.Empty(rig.Sent(3, BroadcastFrame.Chunk));
    }

    [Fact]
    public void A_link_that_takes_nothing_is_tried_rarely_and_its_neighbour_owed_nothing_when_it_is_gone()
    {
        var rig = new BroadcastRig();
        var (manifest, id) = Manifest(1);
        rig.Push(1, manifest);
        Complete(rig, id);
        var tries = 0;
        rig.Node.IsFull = link => link.Kind == LinkKind.Stream && ++tries > 0;
        rig.Receive(2, BroadcastFrame.WantChunks, [.. Names(id), 0x80, 0, 0x80, 1]);
        rig.Advance(10_000);
        Assert.InRange(tries, 50, 110);
        rig.Neighbours.Remove(1);
        tries = 0;
        rig.Advance(1000);
        Assert.Equal(0, tries);
    }

    [Fact]
    public void Who_would_be_fed_twice_declines()
    {
        var rig = new BroadcastRig();
        var (manifest, id) = Manifest(1, MessageFrame.Feeds);
        rig.Push(1, manifest);
        rig.Push(2, manifest);
        Assert.Equal([.. Names(id), 4, 0, 1], Assert.Single(rig.Sent(2, BroadcastFrame.Have)));

        // The same manifest again from who sends the chunks.
        rig.Push(1, manifest);
        Assert.Empty(rig.Sent(1, BroadcastFrame.Have));
    }

    [Fact]
    public void Each_neighbour_is_told_of_all_sources_in_turn()
    {
        var rig = new BroadcastRig(neighbours: 2);
        for (var origin = 100; origin < 250; origin++)
        {
            rig.Push(1, Message(origin, 1));
        }

        rig.Advance(2000);
        for (var i = 0; i < 6; i++)
        {
            rig.Receive(1 + (i % 2), BroadcastFrame.Digest, 1);
        }

        Assert.All([1, 2], slot => Assert.Equal(150, SourcesTold(rig, slot)));
    }

    private static int SourcesTold(BroadcastRig rig, int slot)
    {
        var told = new HashSet<SourceKey>();
        foreach (var body in rig.Sent(slot, BroadcastFrame.Digest))
        {
            var reader = new WireReader(body.AsSpan(1));
            while (!reader.Rest.IsEmpty)
            {
                told.Add(SourceKey.Read(ref reader));
                reader.ReadUInt64();
                reader.ReadBytes(12 * reader.ReadByte());
            }
        }

        return told.Count;
    }

    private static (byte[] Manifest, BroadcastId Id) Manifest(ulong sequence, byte flags = 0)
    {
        var body = Message(
            Origin, sequence, TransferManifest.Make(new byte[Chunks * ChunkBytes], ChunkBytes), MessageFrame.Large,
            flags);
        return (body, IdOf(body));
    }

    private static byte[] HaveWhole(BroadcastId id) => [.. Names(id), BroadcastFrame.Whole | 4, 0, 1];

    private static byte[] Chunk(BroadcastId id, byte chunk) => [.. Names(id), 0, chunk, .. new byte[ChunkBytes]];

    private static void Complete(BroadcastRig rig, BroadcastId id)
    {
        for (byte chunk = 0; chunk < Chunks; chunk++)
        {
            rig.Receive(1, BroadcastFrame.Chunk, Chunk(id, chunk));
        }

        Assert.Contains(rig.Delivered, one => one.Id == id);
    }
}
