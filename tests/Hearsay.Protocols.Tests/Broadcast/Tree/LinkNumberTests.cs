using System.Buffers.Binary;
using Hearsay.Protocols.Broadcast;
using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Broadcast.Repair;
using Hearsay.Protocols.Neighbours;
using Hearsay.Protocols.Tests.Neighbours;
using Hearsay.Protocols.Transfer;
using Hearsay.Protocols.Wire;
using static Hearsay.Protocols.Tests.Broadcast.BroadcastRig;

namespace Hearsay.Protocols.Tests.Broadcast.Tree;

/// <summary>
/// Anybody can name a neighbour as the sender of a packet; only who sees the link's traffic knows its number.
/// </summary>
public sealed class LinkNumberTests
{
    private const int Origin = 50;
    private const int Forged = 2;

    [Theory]
    [InlineData(0UL)]
    [InlineData(0x1122_3344_5566_7788UL)]
    [InlineData(null)]
    public void A_frame_in_a_neighbours_name_without_the_number_of_the_link_does_nothing(ulong? number)
    {
        var rig = Holding(out var message, out var manifest);
        rig.Receive(1, BroadcastFrame.Have, Have(IdOf(Message(Origin, 9))));
        var children = rig.Protocol.Sources.Find(Key(Origin))!.Children;
        rig.Forget();
        // Where none is given, it is the number of another neighbour's link.
        var link = number ?? rig.LinkWith(3);
        (byte Type, byte[] Body)[] frames =
        [
            (BroadcastFrame.Message, Message(Origin, 3)),
            (BroadcastFrame.Have, Have(IdOf(Message(Origin, 4)), atOnce: true)),
            (BroadcastFrame.Want, Names(IdOf(message), IdOf(Message(Origin, 5)))),
            (BroadcastFrame.Gone, Names(IdOf(Message(Origin, 9)))),
            (BroadcastFrame.Graft, SourceBody(Origin)),
            (BroadcastFrame.Prune, SourceBody(Origin)),
            (BroadcastFrame.Coming, Names(IdOf(Message(Origin, 6)))),
            (BroadcastFrame.Digest, [1]),
            (BroadcastFrame.Digest, Digest(Origin, 1, 20)),
            (BroadcastFrame.Fetch, Fetch(Origin, 1, 100)),
            (BroadcastFrame.WantChunks, [.. Names(IdOf(manifest)), 0, 0]),
            (BroadcastFrame.Chunk, [.. Names(IdOf(manifest)), 0, 1, .. new byte[10_000]]),
            (BroadcastFrame.Reach, [.. Names(IdOf(message)), 0, 0, 0, 9]),
            (BroadcastFrame.OrphanReach, [.. Names(IdOf(message)), .. new byte[8], 0, 0, 0, 9, 0]),
            (BroadcastFrame.Farewell, [0, .. SourceBody(Origin), .. new byte[7], 1, 0, 0, 0, 50]),
            (BroadcastFrame.Lacking, [0, .. SourceBody(Origin), .. new byte[7], 1, 0, 0, 0, 50]),
            (BroadcastFrame.NoChunks, [.. Names(IdOf(manifest)), 0, 1]),
            (BroadcastFrame.Credit, Answer(1, 1)),
            (99, []),
        ];
        foreach (var (type, body) in frames)
        {
            rig.Receive(Forged, link, type, body);
        }

        Assert.Equal(frames.Length, rig.Counters.Strangers);
        Assert.Empty(rig.Node.Sent);
        Assert.Equal((1, children), (rig.Delivered.Count, rig.Protocol.Sources.Find(Key(Origin))!.Children));
        rig.Advance(15);
        Assert.Equal(IdOf(Message(Origin, 9)), BroadcastId.Read(Assert.Single(rig.Sent(1, BroadcastFrame.Want))));
    }

    /// <summary>Who knows one number of a node, and has counted others, guesses those near it.</summary>
    [Fact]
    [Campaign]
    public void Requests_with_guessed_numbers_draw_nothing()
    {
        var node = Live(out var broadcast);
        node.Fill(3);
        node.Send(
            1, BroadcastFrame.Protocol, BroadcastFrame.Message, b => b.UInt64(node.Link(1)).Raw(Message(Origin, 1)));
        Assert.Equal(1, broadcast.Counters.Delivered);
        var random = new SeededRandom(17);
        var numbers = new List<ulong> { 0, node.Link(1), node.Link(3), ulong.MaxValue };
        numbers.AddRange(Enumerable.Range(0, 64).Select(bit => node.Link(2) ^ (1UL << bit)));
        numbers.AddRange(Enumerable.Range(1, 5_000).SelectMany(
            by => new[] { node.Link(2) + (ulong)by, node.Link(2) - (ulong)by, node.Link(1) + (ulong)by }));
        numbers.AddRange(Enumerable.Range(0, 15_000).Select(_ => random.NextUInt64()));
        var bytes = 0L;
        var before = node.SentBytes;
        (byte Type, byte[] Body)[] frames =
        [
            (BroadcastFrame.Fetch, Fetch(Origin, 1, 100)), (BroadcastFrame.Want, Names(IdOf(Message(Origin, 1)))),
            (BroadcastFrame.Digest, [1]),
        ];
        foreach (var number in numbers)
        {
            foreach (var (type, body) in frames)
            {
                bytes += Envelope.SizeBytes + Frame.HeaderBytes + sizeof(ulong) + body.Length;
                node.Send(2, BroadcastFrame.Protocol, type, b => b.UInt64(number).Raw(body));
            }
        }

        var drawn = node.SentBytes - before;
        Swarm.Say($"{3 * numbers.Count} requests of {bytes} bytes drew {drawn} bytes.");
        Assert.Equal(0, drawn);
        Assert.Equal((3 * numbers.Count, 0L), ((int)broadcast.Counters.Strangers, broadcast.Counters.PullsAnswered));
        // The right number is answered.
        node.Send(2, BroadcastFrame.Protocol, BroadcastFrame.Want, b => b.UInt64(node.Link(2)).Raw(frames[1].Body));
        Assert.Equal(1, broadcast.Counters.PullsAnswered);
    }

    [Fact]
    public void Everything_sent_over_a_link_names_it()
    {
        var rig = Holding(out var message, out var manifest);
        rig.Receive(4, BroadcastFrame.Prune, SourceBody(Origin));
        rig.Push(1, Message(Origin, 8));
        rig.Advance(1500);
        rig.Receive(1, BroadcastFrame.Have, Have(IdOf(Message(Origin, 9))));
        rig.Receive(2, BroadcastFrame.Want, Names(IdOf(message), IdOf(Message(Origin, 5))));
        rig.Receive(3, BroadcastFrame.WantChunks, [.. Names(IdOf(manifest)), 0, 0]);
        rig.Receive(3, BroadcastFrame.Digest, 1);
        rig.Receive(3, BroadcastFrame.Message, message);
        rig.Advance(50);
        var sent = rig.Node.Sent.Select(one => (one.To.Address, Frame: Swarm.FirstFrame(one.Packet)))
            .Where(one => one.Frame.Protocol == BroadcastFrame.Protocol).ToList();
        byte[] types =
        [
            BroadcastFrame.Message, BroadcastFrame.Have, BroadcastFrame.Want, BroadcastFrame.Gone,
            BroadcastFrame.Prune, BroadcastFrame.Digest, BroadcastFrame.Chunk,
        ];
        Assert.Empty(types.Except(sent.Select(one => one.Frame.Type)));
        Assert.All(sent, one => Assert.Equal(
            rig.LinkWith(Enumerable.Range(1, 4).Single(peer => Lone.At(peer) == one.Address)),
            BinaryPrimitives.ReadUInt64BigEndian(one.Frame.Body)));
    }

    [Fact]
    public void Of_each_kind_of_request_one_in_a_packet_is_answered()
    {
        var rig = new BroadcastRig();
        for (ulong i = 1; i <= 4; i++)
        {
            rig.Push(1, Message(Origin, i));
        }

        rig.Advance(1500);
        rig.Forget();
        rig.ReceiveTogether(
            2,
            [
                .. Enumerable.Repeat((BroadcastFrame.Fetch, Fetch(Origin, 1, 2)), 10),
                .. Enumerable.Repeat((BroadcastFrame.Digest, new byte[] { 1 }), 5),
                (BroadcastFrame.Want, Names(IdOf(Message(Origin, 3)))),
                (BroadcastFrame.Want, Names(IdOf(Message(Origin, 4)))),
            ]);
        Assert.Equal(
            [1, 2, 3],
            rig.Sent(2, BroadcastFrame.Message).Select(body => (int)body[MessageFrame.HeaderBytes]));
        Assert.Single(rig.Sent(2, BroadcastFrame.Digest));
        Assert.Equal(9 + 4 + 1, rig.Counters.AnswersRefused);
        rig.Receive(2, BroadcastFrame.Want, Names(IdOf(Message(Origin, 4))));
        Assert.Equal(4, rig.Sent(2, BroadcastFrame.Message).Count);
    }

    [Fact]
    public void A_name_is_answered_once_in_answer_to_a_packet()
    {
        var rig = Holding(out var message, out _);
        rig.Forget();
        rig.Receive(2, BroadcastFrame.Want, Names([.. Enumerable.Repeat(IdOf(message), 72)]));
        Assert.Single(rig.Sent(2, BroadcastFrame.Message));
        rig.Receive(2, BroadcastFrame.Fetch, [.. Fetch(Origin, 1, 1)[..^11], 2, .. Range(1, 1), .. Range(1, 1)]);
        Assert.Equal(2, rig.Sent(2, BroadcastFrame.Message).Count);
    }

    [Fact]
    public void A_chunk_is_named_once_in_a_request()
    {
        var rig = Holding(out _, out var manifest);
        rig.Forget();
        rig.Receive(2, BroadcastFrame.WantChunks, [.. Names(IdOf(manifest)), 0, 0, 0, 0]);
        Assert.Equal((1, 1), (rig.Sent(2, BroadcastFrame.Chunk).Count, (int)rig.Counters.Malformed));
    }

    [Fact]
    public void Answers_to_one_packet_take_no_more_bytes_than_a_stream_queues()
    {
        var rig = new BroadcastRig(o => o with { ChunkBytes = 60_000 });
        rig.Publish(new byte[60_000 * 64]);
        var id = IdOf(rig.Sent(1, BroadcastFrame.Message)[0]);
        rig.Forget();
        byte[] all = [.. Enumerable.Range(0, 64).SelectMany(i => new byte[] { 0, (byte)i })];
        rig.Receive(2, BroadcastFrame.WantChunks, [.. Names(id), .. all]);
        Assert.Equal(AnswerBudget.BytesPerPacket / 60_026, rig.Sent(2, BroadcastFrame.Chunk).Count);

        // And no more in a second than a link carries.
        for (var i = 0; i < 100; i++)
        {
            rig.Receive(2, BroadcastFrame.WantChunks, [.. Names(id), .. all]);
        }

        Assert.InRange(rig.Sent(2, BroadcastFrame.Chunk).Sum(body => (long)body.Length), 31L << 20, 32L << 20);
        rig.Receive(3, BroadcastFrame.WantChunks, [.. Names(id), 0, 0]);
        Assert.Single(rig.Sent(3, BroadcastFrame.Chunk));
    }

    [Fact]
    public void What_comes_over_a_link_that_has_just_closed_is_taken_and_not_answered()
    {
        var rig = new BroadcastRig();
        var link = rig.LinkWith(1);
        var manifest = Message(Origin, 2, TransferManifest.Make(new byte[20_000], 10_000), MessageFrame.Large);
        rig.Push(1, manifest);
        rig.Neighbours.Remove(0);
        rig.Forget();
        rig.Receive(1, link, BroadcastFrame.Message, Message(Origin, 1));
        rig.Receive(1, link, BroadcastFrame.Chunk, [.. Names(IdOf(manifest)), 0, 0, .. new byte[10_000]]);
        rig.Receive(1, link, BroadcastFrame.Chunk, [.. Names(IdOf(manifest)), 0, 1, .. new byte[10_000]]);
        Assert.Equal([4, 20_000], rig.Delivered.Select(one => one.Payload.Length));
        Assert.Single(rig.Sent(2, BroadcastFrame.Message));

        rig.Receive(1, link, BroadcastFrame.Want, Names(IdOf(Message(Origin, 1))));
        rig.Receive(1, link, BroadcastFrame.Digest, [1]);
        Assert.Equal((2, 0), ((int)rig.Counters.AfterClose, (int)rig.Counters.Strangers));
        Assert.DoesNotContain(rig.Node.Sent, one => one.To.Address == Lone.At(1));
    }

    [Fact]
    public void Forged_frames_do_not_keep_the_slot_of_a_dead_neighbour()
    {
        var node = Live(out var broadcast);
        node.Fill(2);
        var link = node.Link(1);
        for (var i = 0; i < 30; i++)
        {
            node.Advance(TimeSpan.FromMilliseconds(300));
            node.Send(1, BroadcastFrame.Protocol, BroadcastFrame.Digest, b => b.UInt64(link ^ 1));
            node.Send(2, BroadcastFrame.Protocol, BroadcastFrame.Prune, b => b.UInt64(node.Link(2)));
        }

        Assert.False(node.Has(1));
        Assert.True(node.Has(2));
        Assert.Equal((30, 30), ((int)broadcast.Counters.Strangers, (int)broadcast.Counters.Malformed));
    }

    [Fact]
    public void A_message_over_a_link_that_is_being_confirmed_brings_it_up()
    {
        var node = Live(out var broadcast);
        node.Fill(1);
        node.Know(11);
        node.Advance(TimeSpan.FromSeconds(1.1));
        Assert.Contains(node.Sent(NeighbourMessage.Ask), ask => ask.Number == 11);
        node.Accept(11, link: 5);
        Assert.False(node.Has(11));
        node.Send(11, BroadcastFrame.Protocol, BroadcastFrame.Message, b => b.UInt64(5).Raw(Message(Origin, 1)));
        Assert.True(node.Has(11));
        Assert.Equal(1, broadcast.Counters.Delivered);
    }

    [Fact]
    public void A_link_counts_as_just_closed_for_some_seconds()
    {
        var node = Live(out var broadcast);
        node.Fill(2);
        var link = node.Link(1);
        node.Disconnect(1, link);
        Take(1);
        node.Advance(TimeSpan.FromSeconds(9.9));
        Take(2);
        Assert.Equal(2, broadcast.Counters.Delivered);
        node.Advance(TimeSpan.FromSeconds(0.1));
        Take(3);
        Assert.Equal((2, 1), ((int)broadcast.Counters.Delivered, (int)broadcast.Counters.Strangers));

        void Take(ulong sequence) => node.Send(
            1, BroadcastFrame.Protocol, BroadcastFrame.Message, b => b.UInt64(link).Raw(Message(Origin, sequence)));
    }

    /// <summary>A node that holds a small message and a large one, of which it lacks the second chunk.</summary>
    private static BroadcastRig Holding(out byte[] message, out byte[] manifest)
    {
        var rig = new BroadcastRig();
        message = Message(Origin, 1);
        manifest = Message(Origin, 2, TransferManifest.Make(new byte[20_000], 10_000), MessageFrame.Large);
        rig.Push(1, message);
        rig.Push(1, manifest);
        rig.Receive(1, BroadcastFrame.Chunk, [.. Names(IdOf(manifest)), 0, 0, .. new byte[10_000]]);
        return rig;
    }

    private static Machine Live(out BroadcastProtocol broadcast)
    {
        BroadcastProtocol? made = null;
        var node = new Machine(
            new NeighbourOptions { ShufflePeriod = TimeSpan.FromHours(1) },
            above: neighbours => made = new BroadcastProtocol(new(), neighbours, new Nowhere()));
        broadcast = made!;
        return node;
    }

    private static byte[] Fetch(int origin, ulong first, int count) =>
        [.. SourceBody(origin), 1, .. Range(first, count)];

    private static byte[] Range(ulong first, int count)
    {
        var range = new byte[10];
        BinaryPrimitives.WriteUInt64BigEndian(range, first);
        BinaryPrimitives.WriteUInt16BigEndian(range.AsSpan(8), (ushort)(count - 1));
        return range;
    }

    private sealed class Nowhere : IBroadcastSink
    {
        public void Deliver(in BroadcastMessage message)
        {
        }
    }
}
