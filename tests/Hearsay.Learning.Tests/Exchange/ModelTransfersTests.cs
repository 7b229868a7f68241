using System.Buffers.Binary;
using Hearsay.Learning.Exchange;
using Hearsay.Protocols;
using Hearsay.Protocols.Transfer;

namespace Hearsay.Learning.Tests.Exchange;

/// <summary>What a node sends of the models that it offered, and to whom.</summary>
public sealed class ModelTransfersTests
{
    private const int Bytes = 100_000;

    private readonly StrangerContext _context = new();
    private readonly LearningCounters _counters = new();
    private readonly ModelTransfers _transfers;

    public ModelTransfersTests() =>
        _transfers = new ModelTransfers(Bytes, 1 << 20, _context, _counters, static _ => { });

    [Fact]
    public void Who_was_offered_a_model_gets_its_chunks_three_times_at_most_and_nobody_else_gets_any()
    {
        var body = _transfers.Make(Model(1), 1, 1, 0)!;
        Assert.True(_transfers.TryOffer(body, Someone(1), 0));
        for (var i = 0; i < 10; i++)
        {
            _transfers.TakeWant(Someone(1), Want(body, 0, 1, 2, 3));
            _transfers.TakeWant(Someone(2), Want(body, 0, 1, 2, 3));
        }

        var chunks = _context.Frames.Where(static frame => frame.Type == LearningFrame.Chunk).ToArray();
        Assert.All(chunks, static chunk => Assert.Equal(new NodeId(1, 1), chunk.To));
        Assert.InRange(chunks.Sum(static chunk => chunk.Body.Length), 2 * Bytes, 3 * Bytes);
        Assert.Equal(10, _context.Frames.Count(
            static frame => frame.Type == LearningFrame.Gone && frame.To == new NodeId(2, 2)));
    }

    [Fact]
    public void A_model_goes_when_all_have_it_whom_it_was_offered_to()
    {
        var body = _transfers.Make(Model(1), 1, 1, 0)!;
        _transfers.TryOffer(body, Someone(1), 0);
        _transfers.TryOffer(body, Someone(2), 0);
        Assert.Same(body, _transfers.Latest(1, 1, 0));
        _transfers.TakeDone(Someone(1), Name(body));
        _transfers.TakeDone(Someone(3), Name(body));
        Assert.Equal(1, _transfers.Room.Count);
        _transfers.TakeDone(Someone(2), Name(body));
        Assert.Equal((0, 0L), (_transfers.Room.Count, _transfers.Room.Bytes));
        Assert.Null(_transfers.Latest(1, 1, 0));
    }

    [Fact]
    public void Four_models_are_held_for_others_and_a_fifth_waits_until_one_is_not_asked_for()
    {
        for (byte i = 0; i < ModelTransfers.MaximumOffered; i++)
        {
            Assert.True(_transfers.MakeWay());
            _transfers.TryOffer(_transfers.Make(Model(i), i, 1, 0)!, Someone(1), 0);
        }

        Assert.False(_transfers.MakeWay());
        _context.Now += TransferTimes.SilentTime + TimeSpan.FromMilliseconds(1);
        Assert.True(_transfers.MakeWay());
        Assert.Equal(ModelTransfers.MaximumOffered - 1, _transfers.Room.Count);
    }

    [Fact]
    public void Offers_beyond_the_places_are_refused_and_their_senders_told()
    {
        for (ulong i = 1; i <= 100; i++)
        {
            // Something comes of each, so that none gives way.
            var model = Model((byte)i);
            _transfers.TakeOffer(Someone(i), 0, TransferManifest.Make(model, 32 << 10));
            if (_context.Frames[^1] is { Type: LearningFrame.Want, Body: var want })
            {
                _transfers.TakeChunk(
                    Someone(i), [.. want.AsSpan(0, TransferFrame.IdBytes), 0, 0, .. model.AsSpan(0, 32 << 10)]);
            }
        }

        Assert.Equal(ModelTransfers.MaximumReceiving, _transfers.Room.Receiving);
        Assert.Equal(100 - ModelTransfers.MaximumReceiving, _counters.OffersRefused);
        Assert.Equal(_counters.OffersRefused, _context.Frames.Count(static one => one.Type == LearningFrame.Done));
        Assert.InRange(_transfers.Room.Bytes, 1, 1 << 20);
    }

    [Fact]
    public void A_model_is_fetched_from_two_who_offer_it_and_both_are_told_when_it_is_whole()
    {
        var model = Model(1);
        var manifest = TransferManifest.Make(model, 32 << 10);
        _transfers.TakeOffer(Someone(1), 0, manifest);
        _transfers.TakeOffer(Someone(2), 0, manifest);
        var id = _context.Frames[0].Body.AsSpan(0, TransferFrame.IdBytes).ToArray();
        for (byte chunk = 0; chunk < 4; chunk++)
        {
            var at = chunk * (32 << 10);
            _transfers.TakeChunk(
                Someone(1), [.. id, 0, chunk, .. model.AsSpan(at, Math.Min(32 << 10, Bytes - at))]);
        }

        Assert.Equal((1L, 0), (_counters.Fetched, _transfers.Room.Count));
        Assert.Equal(
            [new NodeId(1, 1), new NodeId(2, 2)],
            _context.Frames.Where(static one => one.Type == LearningFrame.Done).Select(static one => one.To).Order());
    }

    [Fact]
    public void When_the_only_one_who_offered_a_model_holds_it_no_longer_it_is_given_up_at_once()
    {
        _transfers.TakeOffer(Someone(1), 0, TransferManifest.Make(Model(1), 32 << 10));
        var id = _context.Frames[0].Body.AsSpan(0, TransferFrame.IdBytes).ToArray();
        _transfers.TakeGone(Someone(2), id);
        Assert.Equal(1, _transfers.Room.Count);
        _transfers.TakeGone(Someone(1), id);
        Assert.Equal((1L, 0), (_counters.TransfersGivenUp, _transfers.Room.Count));
    }

    private static byte[] Model(byte fill)
    {
        var model = new byte[Bytes];
        Array.Fill(model, fill);
        return model;
    }

    private static byte[] Name(ModelBody body)
    {
        var name = new byte[TransferFrame.IdBytes];
        TransferFrame.WriteId(name, body.Id);
        return name;
    }

    private static byte[] Want(ModelBody body, params int[] chunks)
    {
        var want = new byte[TransferFrame.IdBytes + (2 * chunks.Length)];
        TransferFrame.WriteId(want, body.Id);
        for (var i = 0; i < chunks.Length; i++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(
                want.AsSpan(TransferFrame.IdBytes + (2 * i)), (ushort)(chunks[i] | TransferFrame.OnlyNow));
        }

        return want;
    }

    private static Peer Someone(ulong id) => new(
        new NodeId(id, id), new NodeAddresses(NodeAddress.FromIPv4(0x0A000001, (ushort)id)), 1, 0, null);
}
