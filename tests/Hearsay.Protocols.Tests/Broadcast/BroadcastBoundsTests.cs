using System.Buffers.Binary;
using CsCheck;
using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Broadcast.Large;
using Hearsay.Protocols.Broadcast.Repair;
using Hearsay.Protocols.Broadcast.Store;
using Hearsay.Protocols.Transfer;
using static Hearsay.Protocols.Tests.Broadcast.BroadcastRig;

namespace Hearsay.Protocols.Tests.Broadcast;

/// <summary>Whatever comes from the network, memory stays bounded and nothing is thrown.</summary>
public sealed class BroadcastBoundsTests
{
    [Fact]
    public void A_million_names_leave_a_bounded_memory()
    {
        var counters = new BroadcastCounters();
        var options = new BroadcastOptions { NameCapacity = 10_000, StoreBytes = 1 << 19 };
        var sources = new SourceTable(options.SourceCapacity, counters, 1);
        var store = new MessageStore(options, counters, sources, 1);
        var body = Message(1, 1, new byte[32]);
        for (var i = 1; i <= 1_000_000; i++)
        {
            // Forged origins, a new one for every hundredth message.
            BinaryPrimitives.WriteInt32BigEndian(body.AsSpan(MessageFrame.ChangingBytes), i / 100);
            BinaryPrimitives.WriteInt64BigEndian(body.AsSpan(MessageFrame.ChangingBytes + SourceKey.SizeBytes), i);
            MessageFrame.TryRead(body, out var frame);
            var id = new BroadcastId((ulong)i, (ulong)i);
            store.Add(id, frame, sources.Touch(frame.Source, out _), 0, new Instant(i));
        }

        Assert.Equal(10_000, store.Count);
        Assert.InRange(store.Bytes, 1, 1 << 19);
        Assert.InRange(sources.Count, 1, options.SourceCapacity);
        Assert.Equal(990_000, counters.NamesForgotten);
        Assert.True(counters.PayloadsForgotten > 900_000);
        Assert.Equal(10_001 - options.SourceCapacity, counters.SourcesForgotten);
    }

    [Fact]
    public void A_flooding_neighbour_is_held_to_its_rate()
    {
        var rig = new BroadcastRig(o => o with { MessagesPerSecond = 100 });
        for (ulong i = 1; i <= 1000; i++)
        {
            rig.Push(1, Message(50, i));
        }

        Assert.Equal(100, rig.Delivered.Count);
        Assert.Equal(900, rig.Counters.RateLimited);
        rig.Push(2, Message(50, 1000));
        Assert.Equal(101, rig.Delivered.Count);
        rig.Advance(1000);
        rig.Push(1, Message(50, 999));
        Assert.Equal(102, rig.Delivered.Count);
    }

    [Fact]
    public void Announcements_of_nothing_fill_a_share_of_the_table_and_are_given_up()
    {
        var rig = new BroadcastRig();
        for (ulong i = 0; i < 3000; i++)
        {
            rig.Receive(1, BroadcastFrame.Have, Have(new BroadcastId(i, i)));
        }

        Assert.Equal(MissingTable.CapacityPerLink, rig.Protocol.Missing.Count);
        Assert.Equal(3000 - MissingTable.CapacityPerLink, rig.Counters.MissingRefused);
        var id = IdOf(Message(50, 1));
        rig.Receive(2, BroadcastFrame.Have, Have(id));
        rig.Advance(16);
        Assert.NotEmpty(rig.Sent(2, BroadcastFrame.Want));
        rig.Advance(5000);
        Assert.Equal(0, rig.Protocol.Missing.Count);
        Assert.Equal(MissingTable.CapacityPerLink + 1, rig.Counters.PullsGivenUp);
    }

    [Fact]
    public void Junk_under_a_name_does_not_keep_the_message_out()
    {
        var rig = new BroadcastRig();
        var (real, junk) = (Message(50, 1, [1, 2, 3]), Message(50, 1, [6, 6, 6]));
        rig.Receive(1, BroadcastFrame.Have, Have(IdOf(real), atOnce: true));
        rig.Push(1, junk);
        rig.Push(2, real);
        Assert.Equal(2, rig.Delivered.Count);
        Assert.Contains(rig.Delivered, d => d.Id == IdOf(real) && d.Payload.SequenceEqual(new byte[] { 1, 2, 3 }));
    }

    [Fact]
    public void A_message_in_this_nodes_name_is_refused()
    {
        var rig = new BroadcastRig();
        rig.Push(1, Message(0, 7));
        Assert.Empty(rig.Delivered);
        Assert.Equal(1, rig.Counters.Forged);
    }

    [Fact]
    public void A_message_past_its_time_is_refused()
    {
        var rig = new BroadcastRig();
        rig.Push(1, Message(50, 7, age: 61 * Second.Ticks));
        Assert.Empty(rig.Delivered);
        Assert.Equal(1, rig.Counters.TooOld);
    }

    [Fact]
    public void Large_messages_that_claim_more_than_there_is_room_for_take_none_of_it()
    {
        var rig = new BroadcastRig(o => o with { LargeBytes = 20 << 20 });
        var manifest = TransferManifest.Make(new byte[16 << 20], 32 << 10);
        for (ulong i = 1; i <= 10; i++)
        {
            rig.Push(1, Message(50, i, manifest, MessageFrame.Large));
        }

        Assert.Equal((10, 0), (rig.Protocol.LargeCount, rig.Protocol.LargeRoomBytes));
    }

    [Fact]
    public void Manifests_without_chunks_do_not_use_up_the_places_for_those_being_received()
    {
        var rig = new BroadcastRig();
        var manifest = TransferManifest.Make(new byte[20_000], 10_000);
        for (ulong i = 1; i <= 300; i++)
        {
            rig.Push(1, Message(50, i, manifest, MessageFrame.Large));
        }

        Assert.Equal((256, 0, 44), (rig.Protocol.LargeCount, rig.Counters.LargeRefused, rig.Counters.LargeExpired));
    }

    [Fact]
    public void Those_of_which_something_came_keep_their_places_until_they_are_silent()
    {
        var rig = new BroadcastRig();
        var manifest = TransferManifest.Make(new byte[20_000], 10_000);
        for (ulong i = 1; i <= 257; i++)
        {
            var message = Message(50, i, manifest, MessageFrame.Large);
            rig.Push(1, message);
            rig.Receive(1, BroadcastFrame.Chunk, [.. Names(IdOf(message)), 0, 0, .. new byte[10_000]]);
        }

        Assert.Equal((256, 1, 0), (rig.Protocol.LargeCount, rig.Counters.LargeRefused, rig.Counters.LargeExpired));
        rig.Advance(3100);
        rig.Push(1, Message(50, 258, manifest, MessageFrame.Large));
        Assert.Equal((256, 1, 1), (rig.Protocol.LargeCount, rig.Counters.LargeRefused, rig.Counters.LargeExpired));
    }

    [Fact]
    public void A_node_publishes_when_others_never_complete_what_fills_its_room()
    {
        var rig = new BroadcastRig(o => o with { LargeBytes = 100_000, MaximumPayloadBytes = 100_000 });
        var message = Message(50, 1, TransferManifest.Make(new byte[100_000], 10_000), MessageFrame.Large);
        rig.Push(1, message);
        for (byte chunk = 0; chunk < 9; chunk++)
        {
            rig.Receive(1, BroadcastFrame.Chunk, [.. Names(IdOf(message)), 0, chunk, .. new byte[10_000]]);
        }

        List<PublishOutcome> outcomes = [];
        var mine = new PublishCommand(default, new byte[20_000], (outcome, _) => outcomes.Add(outcome));
        rig.Node.Core.Post(rig.Node.Now, BroadcastFrame.Protocol, mine);
        rig.Advance(3100);
        rig.Node.Core.Post(rig.Node.Now, BroadcastFrame.Protocol, mine);
        Assert.Equal([PublishOutcome.NoRoom, PublishOutcome.Published], outcomes);
        Assert.Equal((1, 1), (rig.Protocol.LargeCount, (int)rig.Counters.LargeExpired));
    }

    [Fact]
    [Campaign]
    public void The_room_taken_is_that_of_the_chunks_that_are_here_whatever_comes()
    {
        Gen.Select(Gen.ULong, Gen.Int[0, 40].Array[50, 400]).Sample((seed, inputs) =>
        {
            var rig = new BroadcastRig(o => o with
            {
                LargeBytes = 60_000, MaximumPayloadBytes = 40_000, RepairInterval = 2 * Second,
            });
            var random = new SeededRandom(seed);
            foreach (var input in inputs)
            {
                var number = 1 + (ulong)random.Below(12);
                var payload = new byte[(int)number * 3000];
                var message = Message(50, number, TransferManifest.Make(payload, 1500), MessageFrame.Large);
                if (input < 5)
                {
                    rig.Push(1 + random.Below(4), message);
                }
                else if (input < 39)
                {
                    var chunk = (byte)random.Below(2 * (int)number);
                    rig.Receive(1, BroadcastFrame.Chunk, [.. Names(IdOf(message)), 0, chunk, .. payload[..1500]]);
                }
                else
                {
                    rig.Protocol.TryPublish(default, payload, out _);
                    rig.Advance(random.Below(2000));
                }

                var here = rig.Protocol.Large.Select(BytesHere).Where(bytes => bytes > 0);
                var room = here.Sum(bytes => Math.Max(bytes, TransferManifest.LeastRoomBytes));
                Assert.Equal(room, rig.Protocol.LargeRoomBytes);
                Assert.InRange(room, 0, 60_000);
            }

            Assert.Equal(0, rig.Node.Core.Counters.ProtocolFaults);
        }, iter: 200, threads: 1);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    public void Large_messages_that_together_need_more_than_there_is_complete_one_after_the_other(int messages)
    {
        const int chunks = 80;
        var rig = new BroadcastRig(o => o with
        {
            LargeBytes = 1_000_000, MaximumPayloadBytes = 1_000_000, RepairInterval = 2 * Second,
        });
        var manifest = TransferManifest.Make(new byte[chunks * 10_000], 10_000);
        for (ulong i = 1; i <= (ulong)messages; i++)
        {
            rig.Push(1, Message(50, i, manifest, MessageFrame.Large));
        }

        var (random, asked, sent) = (new SeededRandom(1), new List<(int Slot, byte[] Chunk)>(), 0);
        for (var tick = 0; tick < 3000; tick++)
        {
            for (var slot = 1; slot <= 4; slot++)
            {
                foreach (var body in rig.Sent(slot, BroadcastFrame.WantChunks))
                {
                    for (var at = BroadcastId.SizeBytes; at < body.Length; at += 2)
                    {
                        asked.Add((slot, [.. Names(BroadcastId.Read(body)), .. Index(body, at)]));
                    }
                }
            }

            rig.Forget();
            for (var i = 0; i < 8 && asked.Count > 0; i++, sent++)
            {
                var next = random.Below(asked.Count);
                rig.Receive(asked[next].Slot, BroadcastFrame.Chunk, [.. asked[next].Chunk, .. new byte[10_000]]);
                asked.RemoveAt(next);
            }

            rig.Advance(10);
            Assert.InRange(rig.Protocol.LargeRoomBytes, 0, 1_000_000);
        }

        // Half of what came had to go, at most: 239 chunks for 160 and 1,041 for 640.
        Assert.Equal((messages, messages - 1), (rig.Delivered.Count, (int)rig.Counters.LargeExpired));
        Assert.InRange(sent, messages * chunks, 2 * messages * chunks);
    }

    [Fact]
    public void A_message_that_never_fits_does_not_push_out_what_is_held()
    {
        var rig = new BroadcastRig(o => o with { LargeBytes = 1 << 20, MaximumPayloadBytes = 1 << 20 });
        rig.Protocol.TryPublish(default, new byte[100_000], out _);
        rig.Push(1, Message(50, 1, TransferManifest.Make(new byte[2 << 20], 32 << 10), MessageFrame.Large));
        Assert.Equal((1, 1), (rig.Protocol.LargeCount, (int)rig.Counters.LargeRefused));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(254)]
    [InlineData(255)]
    public void Hops_may_be_forged_without_any_harm(int hops)
    {
        var rig = new BroadcastRig(o => o with { Mode = BroadcastMode.Auto });
        for (ulong i = 1; i <= 3; i++)
        {
            rig.Push(1, Message(50, i, hops: hops));
            rig.Push(2, Message(50, i, hops: 255 - hops));
        }

        Assert.Equal([hops, hops, hops], rig.Delivered.Select(d => d.Hops));
        Assert.Equal(3, rig.Counters.Duplicates);
        rig.Advance(20);
        var passedOn = rig.Sent(3, BroadcastFrame.Message);
        Assert.All(passedOn, body => Assert.Equal(Math.Min(hops + 1, 255), body[1]));
        Assert.Equal(3, passedOn.Count + rig.Sent(3, BroadcastFrame.Have).Sum(
            body => body.Length / (BroadcastId.SizeBytes + 1)));
    }

    [Fact]
    public void Any_order_is_taken_and_holes_without_end_are_bounded_and_lose_nothing()
    {
        var rig = new BroadcastRig();
        for (ulong i = 2000; i > 0; i -= 2)
        {
            rig.Push(1, Message(50, i));
            rig.Push(2, Message(50, i));
        }

        Assert.Equal((1000, 1000), (rig.Delivered.Count, (int)rig.Counters.Duplicates));
        Assert.InRange(rig.Protocol.Sources.Find(Key(50))!.Known.Count, 1, SequenceRanges.Capacity);
        Assert.True(rig.Counters.GapsForgotten > 700);
        for (ulong i = 1; i < 2000; i += 2)
        {
            rig.Push(1, Message(50, i));
        }

        Assert.Equal((2000, 0), (rig.Delivered.Count, (int)rig.Counters.Replayed));
    }

    [Fact]
    public void A_manifest_of_more_than_a_message_may_have_is_malformed()
    {
        var rig = new BroadcastRig();
        var manifest = TransferManifest.Make(new byte[10_000], 10_000);
        BinaryPrimitives.WriteInt32BigEndian(manifest, (16 << 20) + 1);
        rig.Push(1, Message(50, 1, manifest, MessageFrame.Large));
        Assert.Equal((0, 1), (rig.Protocol.LargeCount, (int)rig.Counters.Malformed));
        Assert.Empty(rig.Sent(2, BroadcastFrame.Message));
    }

    [Fact]
    public void Payloads_of_a_neighbour_that_ignores_the_limit_are_held_within_the_bound()
    {
        var rig = new BroadcastRig(o => o with { StoreBytes = 1 << 20 });
        for (ulong i = 1; i <= 100; i++)
        {
            rig.Push(1, Message(50, i, new byte[50_000]));
        }

        Assert.InRange(rig.Protocol.Store.Bytes, 1, 1 << 20);
        Assert.True(rig.Counters.PayloadsForgotten > 70);
    }

    [Theory]
    [InlineData(60_000, 34)]
    [InlineData(1, EarlyChunks.Capacity)]
    public void Chunks_of_nothing_take_little_room(int chunkBytes, int kept)
    {
        var rig = new BroadcastRig();
        for (ulong i = 1; i <= 500; i++)
        {
            rig.Receive(1, BroadcastFrame.Chunk, [.. Names(new BroadcastId(i, i)), 0, 0, .. new byte[chunkBytes]]);
        }

        Assert.Equal((500, kept), (rig.Counters.ChunksEarly, rig.Protocol.EarlyCount));
        Assert.Equal(500 - kept, rig.Counters.ChunksRefused);
        Assert.InRange(rig.Protocol.EarlyBytes, 1, EarlyChunks.CapacityBytes);
        Assert.Equal(0, rig.Protocol.LargeCount);
    }

    [Fact]
    public void Any_bytes_at_all_are_counted_and_dropped()
    {
        Gen.Select(Gen.ULong, Gen.Int[0, 15].Array[200, 600]).Sample((seed, types) =>
        {
            var rig = new BroadcastRig(o => o with
            {
                Mode = BroadcastMode.Auto, StoreBytes = 1 << 16, LargeBytes = 1 << 20, MaximumPayloadBytes = 1 << 20,
            });
            var random = new SeededRandom(seed);
            byte[][] samples =
            [
                Message(50, 1 + (ulong)random.Below(9)), Have(IdOf(Message(50, 3))), Names(IdOf(Message(50, 2))),
                SourceBody(50), Digest(50, 1, 9), Digest(50, ulong.MaxValue - 9, ulong.MaxValue - 3),
                Message(51, 1, TransferManifest.Make(new byte[50_000], 20_000), MessageFrame.Large),
                [.. Names(IdOf(Message(50, 2))), 0, 1, 0, 2], [.. SourceBody(50), 2, 0, 0, 0, 0, 0, 0, 0, 1, 255, 255],
                [1, .. SourceBody(50), 0, 0, 0, 0, 0, 0, 0, 1, 255, 255, 255, 255], [0, .. SourceBody(0)],
            ];
            foreach (var type in types)
            {
                var body = samples[random.Below(samples.Length)].ToArray();
                for (var flips = random.Below(4); flips > 0; flips--)
                {
                    body[random.Below(body.Length)] = (byte)random.Below(256);
                }

                body = random.Below(5) == 0 ? body[..random.Below(body.Length)] : body;
                rig.Receive(1 + random.Below(5), (byte)type, body);
                rig.Advance(random.Below(30));
            }

            Assert.Equal(0, rig.Node.Core.Counters.ProtocolFaults);
            Assert.InRange(rig.Protocol.Store.Bytes, 0, (1 << 16) + (1 << 15));
        }, iter: 100, threads: 1);
    }

    [Fact]
    public void A_forwarded_kilobyte_allocates_nothing()
    {
        var rig = new AllocationRig();
        rig.Forward(1, 3000);
        var sent = 3000;
        Assert.Equal(0, SteadyState.Bytes(() =>
        {
            rig.Forward(sent + 1, 2000);
            sent += 2000;
        }));
        Assert.Equal(sent, rig.Delivered);
        Assert.InRange(rig.Sent, 3 * (sent - 1), 5 * sent);
    }

    private static int BytesHere(TransferBody large) =>
        Enumerable.Range(0, large.Count).Sum(chunk => large.Has(chunk) ? large.Chunk(chunk).Length : 0);
}
