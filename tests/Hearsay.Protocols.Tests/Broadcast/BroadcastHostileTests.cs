using System.Buffers.Binary;
using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Broadcast.Store;
using Hearsay.Protocols.Broadcast.Tree;
using Hearsay.Protocols.Transfer;
using static Hearsay.Protocols.Tests.Broadcast.BroadcastRig;

namespace Hearsay.Protocols.Tests.Broadcast;

/// <summary>A neighbour that is out to do harm: what it costs is bounded, counted, and its own.</summary>
public sealed class BroadcastHostileTests
{
    private const int Victim = 50;

    [Fact]
    public void A_large_message_whose_name_was_forgotten_is_not_taken_twice()
    {
        var rig = new BroadcastRig(o => o with { NameCapacity = 64, SourceCapacity = 16 });
        var manifest = Message(Victim, 1, TransferManifest.Make(new byte[20_000], 10_000), MessageFrame.Large);
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
    public void A_fetch_without_end_is_answered_as_far_as_one_may_ask()
    {
        var rig = new BroadcastRig();
        rig.Push(1, Message(Victim, 1));
        rig.Push(1, Message(Victim, 200));
        var range = new byte[10];
        range[7] = 1;
        (range[8], range[9]) = (0xFF, 0xFF);
        byte[][] ranges = [.. Enumerable.Repeat(range, 200)];
        rig.Receive(2, BroadcastFrame.Fetch, [.. SourceBody(Victim), 200, .. ranges.SelectMany(one => one)]);
        Assert.Equal(1, rig.Sent(2, BroadcastFrame.Message).Count(body => (body[0] & MessageFrame.Repair) != 0));
    }

    [Fact]
    public void Who_offers_all_the_time_over_a_slow_link_does_not_keep_others_out()
    {
        var rig = new BroadcastRig(o => o with { RepairInterval = 2 * Second });
        rig.Neighbours.Put(0, PeerOf(1), TimeSpan.FromMilliseconds(200));
        rig.Push(2, Message(Victim, 1));
        var answers = new Queue<int>();
        for (var step = 0; step < 600; step++)
        {
            var before = rig.Sent(3, BroadcastFrame.Digest).Count;
            rig.Receive(1, BroadcastFrame.Digest, Digest(Victim + 1, (ulong)step * 500, ((ulong)step * 500) + 400));
            rig.Advance(5);
            if (rig.Sent(3, BroadcastFrame.Digest).Count > before)
            {
                answers.Enqueue(step + 4);
            }

            if (step == 20 || (answers.TryPeek(out var due) && due == step))
            {
                answers.TryDequeue(out _);
                rig.Receive(3, BroadcastFrame.Digest, Digest(Victim, 1, 5));
            }
        }

        Assert.NotEmpty(rig.Sent(3, BroadcastFrame.Fetch));
    }

    [Fact]
    public void A_source_of_which_more_is_offered_than_there_is_does_not_keep_others_out()
    {
        var rig = new BroadcastRig(o => o with { RepairInterval = 2 * Second });
        rig.Push(1, Message(Victim, 1));
        byte[] offer = [.. Digest(Victim, 1, 5000), .. Digest(Victim + 1, 1, 5)[1..]];
        for (var i = 0; i < 100; i++)
        {
            rig.Advance(100);
            rig.Receive(2, BroadcastFrame.Digest, offer);
        }

        Assert.InRange(
            rig.Sent(2, BroadcastFrame.Fetch).Count(body => body.AsSpan(0, 24).SequenceEqual(SourceBody(Victim + 1))),
            40, 60);

        // Of nothing that it asked for came anything, so it does not compare more often because there is more.
        Assert.InRange(rig.Sent(2, BroadcastFrame.Digest).Count, 1, 10);
    }

    [Fact]
    public void Digests_are_answered_at_a_bounded_rate()
    {
        var rig = new BroadcastRig();
        rig.Push(1, Message(Victim, 1));
        rig.Advance(1500);
        for (var i = 0; i < 1000; i++)
        {
            rig.Receive(2, BroadcastFrame.Digest, 1);
        }

        Assert.Equal((64, 936), (rig.Sent(2, BroadcastFrame.Digest).Count, (int)rig.Counters.AnswersRefused));
        rig.Advance(100);
        rig.Forget();
        rig.Receive(2, BroadcastFrame.Digest, 1);
        Assert.Single(rig.Sent(2, BroadcastFrame.Digest));
    }

    [Theory]
    [InlineData(false, 10_000)]
    [InlineData(true, LinkCredit.FirstWindow * 3 / 2)]
    public void Who_asks_for_the_same_again_and_again_is_answered_at_a_bounded_rate_or_as_far_as_it_takes_any(
        bool isSilent, int answers)
    {
        var rig = new BroadcastRig();
        rig.Silent.UnionWith(isSilent ? [2] : []);
        var message = Message(Victim, 1);
        rig.Push(1, message);
        for (var i = 0; i < 12_000; i++)
        {
            rig.Receive(2, BroadcastFrame.Want, Names(IdOf(message)));
        }

        // The first of a window went out when the message came.
        answers -= isSilent ? 1 : 0;
        Assert.Equal((answers, 12_000 - answers), ((int)rig.Counters.PullsAnswered, (int)rig.Counters.AnswersRefused));
        Assert.Equal(answers + 1, rig.Sent(2, BroadcastFrame.Message).Count);
        rig.Receive(3, BroadcastFrame.Want, Names(IdOf(message)));
        Assert.Equal(answers + 1, rig.Counters.PullsAnswered);
    }

    [Fact]
    public void Strangers_manifests_are_bounded_where_strangers_are_heard()
    {
        var rig = new BroadcastRig(o => o with { Mode = BroadcastMode.Fanout });
        var manifest = TransferManifest.Make(new byte[20_000], 10_000);
        for (ulong i = 1; i <= 300; i++)
        {
            rig.Push(77, Message(Victim, i, manifest, MessageFrame.Large));
        }

        Assert.Equal((256, 44), (rig.Protocol.LargeCount, (int)rig.Counters.LargeExpired));
        Assert.Equal(300, Enumerable.Range(1, 4).Sum(slot => rig.Sent(slot, BroadcastFrame.WantChunks).Count));
    }

    [Fact]
    public void Manifests_that_contradict_each_other_are_two_messages_and_both_complete()
    {
        var rig = new BroadcastRig();
        foreach (var length in new[] { 9_000, 7_000 })
        {
            rig.Push(1, Message(Victim, 1, TransferManifest.Make(new byte[length], 10_000), MessageFrame.Large));
        }

        foreach (var length in new[] { 7_000, 9_000 })
        {
            var manifest = Message(Victim, 1, TransferManifest.Make(new byte[length], 10_000), MessageFrame.Large);
            rig.Receive(1, BroadcastFrame.Chunk, [.. Names(IdOf(manifest)), 0, 0, .. new byte[length]]);
        }

        Assert.Equal([7_000, 9_000], rig.Delivered.Select(one => one.Payload.Length));
        Assert.Equal((0, 0), (rig.Counters.ChunksRefused, rig.Counters.Malformed));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(100)]
    public void Manifests_that_are_never_completed_keep_no_large_message_out(int aSecond)
    {
        var rig = BroadcastScenarios.FloodOfManifests(aSecond);
        Assert.Equal(12, rig.Delivered.DistinctBy(one => one.Id).Count());
        Assert.InRange(rig.Protocol.LargeRoomBytes, 100_000, 12 * 100_000);
        Assert.Equal(0, rig.Counters.LargeRefused + rig.Counters.ChunksWithoutRoom);

        // Asking for what never comes costs less than what makes a node ask.
        Assert.InRange(rig.Counters.ControlBytesSent, 1, 30L * aSecond * 4500);
    }

    [Fact]
    public void A_publisher_that_restarts_all_the_time_is_heard_each_time_and_takes_bounded_room()
    {
        var rig = new BroadcastRig(o => o with { SourceCapacity = 64 });
        for (var life = 1; life <= 300; life++)
        {
            var body = Message(Victim, 1);
            BinaryPrimitives.WriteInt64BigEndian(body.AsSpan(MessageFrame.ChangingBytes + NodeId.SizeBytes), life);
            rig.Push(1, body);
            rig.Push(2, body);
            rig.Advance(1000);
        }

        Assert.Equal((300, 300), (rig.Delivered.Count, (int)rig.Counters.Duplicates));
        Assert.Equal((64, 300 - 64), (rig.Protocol.Sources.Count, (int)rig.Counters.SourcesForgotten));
        Assert.InRange(rig.Protocol.Store.Count, 1, 121);
    }

    [Fact]
    public void One_forged_sequence_does_not_end_the_repair_of_a_source()
    {
        var rig = new BroadcastRig();
        rig.Push(1, Message(Victim, 1));
        rig.Advance(1000);
        rig.Push(1, Message(Victim, 1UL << 62));
        for (ulong i = 2; i < 70; i++)
        {
            rig.Advance(1000);
            rig.Push(1, Message(Victim, i));
        }

        Assert.InRange(rig.Protocol.Sources.Find(Key(Victim))!.HeldFrom, 7UL, 12UL);
    }

    [Fact]
    public void Forged_gaps_do_not_silence_a_publisher()
    {
        var rig = new BroadcastRig();
        rig.Push(1, Message(Victim, 1));
        for (ulong i = 0; i < 300; i++)
        {
            rig.Push(1, Message(Victim, (1UL << 40) + (2 * i)));
        }

        rig.Advance(130_000);
        rig.Push(2, Message(60, 1));
        rig.Push(2, Message(Victim, 2));
        Assert.Equal(0, rig.Counters.Replayed);
    }

    [Fact]
    public void Messages_of_ever_other_sizes_leave_no_more_buffers_than_may_be_held()
    {
        var (counters, options) = (new BroadcastCounters(), new BroadcastOptions { StoreBytes = 1 << 20 });
        var sources = new SourceTable(options.SourceCapacity, counters, 1);
        var store = new MessageStore(options, counters, sources, 1);
        for (var size = 60_000; size > 100; size /= 2)
        {
            for (var bytes = 0; bytes < 2 << 20; bytes += size)
            {
                var body = Message(Victim, 1 + (ulong)store.Next, new byte[size]);
                MessageFrame.TryRead(body, out var frame);
                store.Add(IdOf(body), frame, sources.Touch(frame.Source, out _), 0, new Instant(store.Next));
                Assert.InRange(store.PooledBytes, store.Bytes, (1 << 20) + (1 << 18));
            }
        }

        Assert.InRange(store.Bytes, (1 << 20) - (1 << 16), 1 << 20);
    }

    [Fact]
    public void Sources_cannot_be_chosen_so_that_they_collide()
    {
        var (one, other) = (new IdHash(1), new IdHash(2));
        Assert.NotEqual(one.GetHashCode(Key(Victim)), other.GetHashCode(Key(Victim)));
        Assert.NotEqual(one.GetHashCode(7u), other.GetHashCode(7u));
        Assert.Equal(one.GetHashCode(Key(Victim)), one.GetHashCode(Key(Victim)));
    }

    [Fact]
    public void Large_messages_of_one_byte_take_their_share_of_the_room()
    {
        var rig = new BroadcastRig(o => o with { LargeBytes = 1 << 20, MaximumPayloadBytes = 1 << 20 });
        for (ulong i = 1; i <= 1000; i++)
        {
            var manifest = Message(Victim, i, TransferManifest.Make([7], 1024), MessageFrame.Large);
            rig.Push(1, manifest);
            rig.Receive(1, BroadcastFrame.Chunk, [.. Names(IdOf(manifest)), 0, 0, 7]);
        }

        Assert.Equal(1000, rig.Delivered.Count);
        Assert.InRange(rig.Protocol.LargeCount, 1, 256);
    }
}
