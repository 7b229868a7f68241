using System.Buffers.Binary;
using Hearsay.Learning.Exchange;
using Hearsay.Learning.Tests.State;
using Hearsay.Protocols;
using Hearsay.Protocols.Transfer;

namespace Hearsay.Learning.Tests.Exchange;

/// <summary>Models that are too long for a frame.</summary>
public sealed class LargeModelTests
{
    private const int Longest = 3_000_000;

    private static readonly Peer s_giver = Someone(1);
    private static readonly LearningOptions s_rare = new() { Period = TimeSpan.FromDays(1) };

    [Fact]
    public void Models_of_four_megabytes_get_through_where_a_fifth_of_the_datagrams_is_lost()
    {
        var net = Large(new LearningOptions
        {
            Lambda = 0, Eta = 5, Step = StepRule.Constant, Period = TimeSpan.FromSeconds(2),
        }, loss: 0.2);
        net.Network.Run(TimeSpan.FromSeconds(50));
        var all = TestData.Blocks([.. Enumerable.Range(0, TestData.BlockClasses)]);
        foreach (var learner in net.Learners)
        {
            // Alone it would get twelve of the sixteen wrong.
            Assert.InRange(TestData.LargeModel.Evaluate(learner.State!.Parameters, all), 0, 0.2);
            Assert.InRange(learner.Large!.Room.Bytes, 0, 256 << 20);
        }

        Assert.InRange(net.Sum(counters => counters.Fetched), 40, net.Sum(counters => counters.Sent));
        Assert.Equal(0, net.Sum(counters => counters.Malformed + counters.NotFinite + counters.OtherModel));
    }

    [Fact]
    [Campaign]
    public void A_node_that_asks_for_large_models_gets_them_and_no_others()
    {
        var net = Large(new LearningOptions
        {
            Robust = RobustForm.Nearest, Pulls = 2, LeftOut = 0, Lambda = 0, Eta = 5, Step = StepRule.Constant,
            Period = TimeSpan.FromSeconds(2),
        });
        net.Network.Run(TimeSpan.FromSeconds(30));
        Assert.InRange(net.Sum(counters => counters.Merged), 40, net.Sum(counters => counters.Fetched));
        Assert.Equal(0, net.Sum(counters => counters.Malformed + counters.TransfersGivenUp));
        Assert.True(net.Sum(counters => counters.ChunksSent) >= 40 * 129);
    }

    [Fact]
    [Campaign]
    public void Half_of_the_nodes_may_die_while_they_send()
    {
        var net = Large(new LearningOptions { Period = TimeSpan.FromSeconds(1) });
        net.Network.Run(TimeSpan.FromSeconds(10));
        net.Network.Kill(net.Network.Nodes[2]);
        net.Network.Kill(net.Network.Nodes[3]);
        var before = net.Learners[0].State!.Counters.Fetched;
        net.Network.Run(TimeSpan.FromSeconds(30));
        Assert.True(net.Learners[0].State!.Counters.Fetched > before + 5);
        Assert.InRange(net.Learners[0].Large!.Room.Receiving, 0, 2);
    }

    [Theory]
    [InlineData(1 << 30)]
    [InlineData(int.MaxValue)]
    [InlineData(8_000_000)]
    public void A_model_that_is_longer_than_any_is_refused_and_nothing_is_asked_for(int claimed)
    {
        var (protocol, context) = Start();
        // As many hashes as it needs, if there can be as many.
        var manifest = TransferManifest.Make(new byte[Math.Min(claimed, 2048 * 60_000)], 60_000);
        BinaryPrimitives.WriteUInt32BigEndian(manifest, (uint)claimed);
        protocol.Receive(context, s_giver, LearningFrame.Offer, [0, 0, 0, 0, .. manifest]);
        Assert.Equal((1L, 0, 0L), (protocol.State!.Counters.Malformed, protocol.Large!.Room.Count, context.Sent));

        // The same of a length that a model may have is taken.
        var sound = TransferManifest.Make(new byte[Longest], 32 << 10);
        protocol.Receive(context, s_giver, LearningFrame.Offer, [0, 0, 0, 0, .. sound]);
        Assert.Equal((1L, 1, 1L), (protocol.State.Counters.Malformed, protocol.Large.Room.Count, context.Sent));
        Assert.Equal(LearningFrame.Want, context.Frames[^1].Type);
    }

    [Fact]
    public void Half_a_model_is_given_up_and_counted_and_takes_no_room_any_more()
    {
        var (protocol, context) = Start();
        var data = new byte[Longest];
        new Random(1).NextBytes(data);
        var manifest = TransferManifest.Make(data, 32 << 10);
        protocol.Receive(context, s_giver, LearningFrame.Offer, [0, 0, 0, 0, .. manifest]);
        var id = context.Frames[^1].Body.AsSpan(0, TransferFrame.IdBytes).ToArray();
        for (byte chunk = 0; chunk < 40; chunk++)
        {
            protocol.Receive(context, s_giver, LearningFrame.Chunk,
                [.. id, 0, chunk, .. data.AsSpan(chunk * (32 << 10), 32 << 10)]);
        }

        var room = protocol.Large!.Room;
        Assert.Equal((40L * (32 << 10), 0L), (room.Bytes, protocol.State!.Counters.ChunksRefused));
        for (var tick = 0; tick < 150; tick++)
        {
            context.Now += TimeSpan.FromMilliseconds(100);
            protocol.OnDue(context, 0);
        }

        Assert.Equal((1L, 0, 0L, 0L), (
            protocol.State.Counters.TransfersGivenUp, room.Count, room.Bytes, protocol.State.Counters.Fetched));
        Assert.Contains(context.Frames, frame => frame.Type == LearningFrame.Done && frame.To == s_giver.Id);
        Assert.InRange(context.Frames.Count(frame => frame.Type == LearningFrame.Want), 2, 200);
        protocol.Receive(context, s_giver, LearningFrame.Chunk, [.. id, 0, 41, 1, 2, 3]);
        Assert.Equal(1, protocol.State.Counters.ChunksRefused);
    }

    [Fact]
    public void An_altered_chunk_and_one_that_nobody_offered_are_refused()
    {
        var (protocol, context) = Start();
        var data = new byte[Longest];
        protocol.Receive(
            context, s_giver, LearningFrame.Offer, [0, 0, 0, 0, .. TransferManifest.Make(data, 32 << 10)]);
        var id = context.Frames[^1].Body.AsSpan(0, TransferFrame.IdBytes).ToArray();
        var altered = new byte[32 << 10];
        altered[7] = 1;
        protocol.Receive(context, s_giver, LearningFrame.Chunk, [.. id, 0, 0, .. altered]);
        protocol.Receive(context, s_giver, LearningFrame.Chunk, [.. new byte[16], 0, 0, .. altered]);
        Assert.Equal((2L, 0L), (protocol.State!.Counters.ChunksRefused, protocol.Large!.Room.Bytes));
        protocol.Receive(context, Someone(5), LearningFrame.Chunk, [.. id, 0, 0, .. data.AsSpan(0, 32 << 10)]);
        Assert.Equal((2L, 32L << 10), (protocol.State.Counters.ChunksRefused, protocol.Large.Room.Bytes));
    }

    [Fact]
    public void Offers_of_strangers_wait_for_their_proof_and_their_requests_are_not_answered()
    {
        var (protocol, context) = Start(isProven: false);
        var manifest = TransferManifest.Make(new byte[Longest], 32 << 10);
        protocol.Receive(context, s_giver, LearningFrame.Offer, [0, 0, 0, 0, .. manifest]);
        protocol.Receive(context, s_giver, LearningFrame.Want, new byte[TransferFrame.IdBytes + 2]);
        Assert.Equal((0L, 0, 1L), (
            context.Sent, protocol.Large!.Room.Count, protocol.State!.Counters.PullsRefused));
        protocol.OnProven(context, context.Source);
        Assert.Equal((1, s_giver.Id), (protocol.Large.Room.Count, context.Frames[^1].To));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Any_bytes_of_a_transfer_are_counted_or_ignored(byte type)
    {
        var (protocol, context) = Start();
        var random = new SeededRandom(type);
        for (var i = 0; i < 500; i++)
        {
            var body = new byte[random.Below(200)];
            for (var j = 0; j < body.Length; j++)
            {
                body[j] = (byte)random.Below(256);
            }

            protocol.Receive(context, s_giver, type, body);
        }

        var counters = protocol.State!.Counters;
        var counted = counters.Malformed + counters.PullsRefused + counters.ChunksRefused + counters.Unasked;
        Assert.InRange(counted, type > 6 ? 1 : 500, 500);
        Assert.Equal(0, protocol.Large!.Room.Count);
    }

    [Theory]
    [InlineData(RobustForm.Nearest, MergeMode.AgeWeighted)]
    [InlineData(RobustForm.None, MergeMode.EqualAverage)]
    public void A_large_model_that_comes_during_an_update_is_used_where_models_are_mixed_once_a_period(
        RobustForm robust, MergeMode mode)
    {
        const int ChunkBytes = 32 << 10;
        var options = s_rare with { Robust = robust, Mode = mode, Epochs = 5, NumbersPerTurn = 1000 };
        var protocol = new LearningProtocol(TestData.LargeModel, TestData.Blocks(0, 1), options);
        var context = new StrangerContext { Known = new FixedSampler(s_giver) };
        protocol.Start(context);
        context.Now += options.Period;
        protocol.OnDue(context, 0);
        Assert.True(protocol.State!.IsUpdating);

        var model = LearnerStateAccess.Learner(new(), TestData.Blocks(2), TestData.LargeModel).Message();
        byte[] number = robust == RobustForm.Nearest ? context.Frames[0].Body : [0, 0, 0, 0];
        protocol.Receive(
            context, s_giver, LearningFrame.Offer, [.. number, .. TransferManifest.Make(model, ChunkBytes)]);
        var id = context.Frames[^1].Body.AsSpan(0, TransferFrame.IdBytes).ToArray();
        for (var chunk = 0; chunk * ChunkBytes < model.Length; chunk++)
        {
            var bytes = model.AsSpan(chunk * ChunkBytes, Math.Min(ChunkBytes, model.Length - (chunk * ChunkBytes)));
            protocol.Receive(context, s_giver, LearningFrame.Chunk, [.. id, 0, (byte)chunk, .. bytes]);
        }

        Assert.True(protocol.State.IsUpdating);
        var counters = protocol.State.Counters;
        Assert.Equal((1L, 1L, 0L), (counters.Fetched, counters.Merged, counters.Unasked + counters.Overtaken));
    }

    private static LearningNet Large(LearningOptions options, double loss = 0) => new(
        TestData.LargeModel, options, loss, TestData.Blocks(0, 1, 2, 3), TestData.Blocks(4, 5, 6, 7),
        TestData.Blocks(8, 9, 10, 11), TestData.Blocks(12, 13, 14, 15));

    private static Peer Someone(ulong id) => new(
        new NodeId(id, id), new NodeAddresses(NodeAddress.FromIPv4(0x0A000001, (ushort)id)), 1, 0, null);

    private static (LearningProtocol Protocol, StrangerContext Context) Start(bool isProven = true)
    {
        var protocol = new LearningProtocol(TestData.LargeModel, TestData.Blocks(0, 1), s_rare);
        var context = new StrangerContext { IsProven = isProven };
        protocol.Start(context);
        return (protocol, context);
    }
}
