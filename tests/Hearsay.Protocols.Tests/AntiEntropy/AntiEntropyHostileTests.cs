using CsCheck;
using Hearsay.Protocols.AntiEntropy;
using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Exchange;
using Hearsay.Protocols.AntiEntropy.Replica;
using Hearsay.Protocols.AntiEntropy.Rows;
using Hearsay.Protocols.AntiEntropy.Sketch;
using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.Tests.AntiEntropy;

/// <summary>Frames that no honest node sends. Whatever comes: nothing throws, and the map is as it was.</summary>
public sealed class AntiEntropyHostileTests
{
    private static readonly Heartbeat _other = new(1, 2, 3, IsTrusted: true);

    [Fact]
    public void Any_bytes_of_any_type_change_nothing_and_throw_nothing()
    {
        var rig = new MapRig();
        rig.Set("k", [1]);
        var (root, context) = (rig.Replica.Root, rig.Replica.Context);
        Gen.Select(Gen.Byte[0, 12], Gen.Byte.Array[0, 200]).Sample(
            (type, body) => rig.Send(1, type, body), iter: 5_000, threads: 1);
        Assert.Equal(0, rig.Node.Core.Counters.ProtocolFaults);
        Assert.Equal((root, context), (rig.Replica.Root, rig.Replica.Context));
        Assert.True(rig.Counters.Malformed > 1_000);
    }

    [Fact]
    public void Every_cut_and_every_changed_byte_of_an_answer_changes_nothing_that_does_not_add_up()
    {
        var (server, offers) = (Filled(), new List<byte[]>());
        foreach (var mode in new[] { PullMode.Context, PullMode.Sketch, PullMode.Digests, PullMode.Snapshot })
        {
            server.Ask(1, 9, mode);
            offers.Add(Assert.Single(server.Sent(MapFrame.Offer)).Body);
        }

        Gen.Select(Gen.Int[0, 3], Gen.Int[8, 5_000], Gen.Byte, Gen.Bool).Sample(
            (which, place, value, isCut) =>
            {
                var rig = new MapRig();
                rig.Set("mine", [7]);
                var nonce = rig.BeginPull(1, isTrusted: which == 0);
                var bytes = offers[which].ToArray().With(0, nonce);
                var at = 8 + (place % (bytes.Length - 8));
                if (isCut)
                {
                    bytes = bytes[..at];
                }
                else
                {
                    bytes[at] = value;
                }

                rig.SendLarge(1, MapFrame.Offer, bytes);
                Assert.Equal(0, rig.Node.Core.Counters.ProtocolFaults);
                foreach (var row in rig.Replica.Rows)
                {
                    Assert.True(rig.Replica.Context.Covers(row.Dot, row.Path));
                }
            }, iter: 2_000, threads: 1);
    }

    [Fact]
    public void A_sketch_that_never_decodes_is_given_up_and_digests_are_asked_for()
    {
        var rig = new MapRig();
        rig.Set("mine", [7]);
        var nonce = rig.BeginPull(1, isTrusted: false);
        rig.SendLarge(1, MapFrame.Offer, Garbled(nonce, rows: 20, first: 0, cells: 16));
        for (var first = 16; first < 64; first += 16)
        {
            // The node asks for all that are left, and gets fewer.
            Assert.Single(rig.Sent(MapFrame.Cells));
            rig.SendLarge(1, MapFrame.Chunk, Chunk(nonce, rows: 20, first, cells: 16));
        }

        var ask = new WireReader(Assert.Single(rig.Sent(MapFrame.Ask)).Body);
        Assert.NotEqual(nonce, ask.ReadUInt64());
        ask.ReadBytes(2);
        Assert.Equal((byte)PullMode.Digests, ask.ReadByte());
        Assert.Equal(1, rig.Replica.Count);
    }

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData(1UL << 60)]
    [InlineData((256UL << 20) + 1)]
    [InlineData(0UL)]
    public void A_claimed_length_beyond_the_bound_is_given_up_before_anything_is_made_of_it(ulong length)
    {
        var rig = new MapRig();
        rig.Set("mine", [7]);
        var nonce = rig.BeginPull(1);
        rig.Send(1, MapFrame.Offer, (ref WireWriter writer) =>
        {
            writer.WriteUInt64(nonce);
            writer.WriteByte(0);
            writer.WriteByte((byte)PullMode.Context);
            Varint.Write(ref writer, length);
            writer.WriteZeros(100);
        });
        Assert.Equal(1, rig.Counters.ExchangesCut);
        Assert.Equal(0, rig.Protocol.OpenExchanges);
    }

    [Fact]
    public void Rows_that_do_not_add_up_to_the_root_are_not_used()
    {
        var server = Filled();
        server.Ask(1, 9, PullMode.Snapshot);
        var offer = Assert.Single(server.Sent(MapFrame.Offer)).Body;
        var rig = new MapRig();
        var nonce = rig.BeginPull(1);
        offer[8 + 1 + 1 + 2] ^= 1; // A bit of the root.
        rig.SendLarge(1, MapFrame.Offer, offer.With(0, nonce));
        Assert.Equal((1, 1, 0), (rig.Counters.RootMismatches, rig.Counters.ExchangesCut, rig.Replica.Count));
        Assert.Equal(CausalContext.Empty, rig.Replica.Context);

        // The control: the same bytes without the change are taken.
        nonce = rig.BeginPull(1);
        offer[8 + 1 + 1 + 2] ^= 1;
        rig.SendLarge(1, MapFrame.Offer, offer.With(0, nonce));
        Assert.Equal((1, 20), (rig.Counters.SnapshotExchanges, rig.Replica.Count));
    }

    [Fact]
    public void Answers_of_another_peer_or_another_exchange_are_strays()
    {
        var server = Filled();
        server.Ask(1, 9, PullMode.Snapshot);
        var offer = Assert.Single(server.Sent(MapFrame.Offer)).Body;
        var rig = new MapRig();
        var nonce = rig.BeginPull(1);
        rig.SendLarge(2, MapFrame.Offer, offer.With(0, nonce));
        rig.SendLarge(1, MapFrame.Offer, offer.With(0, nonce + 1));
        Assert.Equal((2, 0), (rig.Counters.Strays, rig.Replica.Count));
        rig.SendLarge(1, MapFrame.Offer, offer.With(0, nonce));
        rig.SendLarge(1, MapFrame.Offer, offer.With(0, nonce));
        Assert.Equal((3, 20), (rig.Counters.Strays, rig.Replica.Count));
    }

    [Fact]
    public void Exchanges_are_bounded_on_both_sides_and_a_silent_one_gives_way()
    {
        var rig = Filled();
        for (var peer = 1; peer <= 20; peer++)
        {
            rig.Ask(peer, 9, PullMode.Snapshot);
        }

        Assert.Equal((4, 16), (rig.Protocol.OpenExchanges, rig.Counters.Refused));
        rig.Node.Advance(TimeSpan.FromSeconds(6));
        rig.Sent();
        rig.Ask(30, 9, PullMode.Snapshot);
        Assert.Single(rig.Sent(MapFrame.Offer));
        rig.Node.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(0, rig.Protocol.OpenExchanges);
    }

    [Fact]
    public void One_peer_has_one_exchange_of_a_map_and_one_question_in_a_packet()
    {
        var rig = Filled();
        for (ulong nonce = 1; nonce <= 50; nonce++)
        {
            rig.Ask(1, nonce, PullMode.Snapshot);
        }

        // Each costs as much as the map is long, so there are only so many a second.
        Assert.Equal((1, 16, 34), (
            rig.Protocol.OpenExchanges, rig.Counters.ExchangesServed, rig.Counters.Refused));
        rig.Node.Advance(TimeSpan.FromSeconds(1));
        rig.Sent();
        var question = WireEncodings.ToBytes((ref WireWriter writer) =>
        {
            writer.WriteUInt64(77);
            MapRig.WriteName(ref writer, "m");
            writer.WriteByte((byte)PullMode.Snapshot);
        });
        var packet = new WireWriter(new byte[Envelope.MaximumDatagramBytes]);
        packet.WriteZeros(Envelope.SizeBytes);
        for (var i = 0; i < 20; i++)
        {
            var start = Frame.Begin(ref packet, MapFrame.Protocol, MapFrame.Ask);
            packet.WriteBytes(question);
            Frame.End(ref packet, start);
        }

        Envelope.Seal(packet.Written, Envelope.LabelOf("default"), Lone.Id(1));
        rig.Node.Receive(Lone.From(1), packet.Written.ToArray());
        Assert.Single(rig.Sent(MapFrame.Offer));
    }

    [Fact]
    public void What_is_offered_does_not_change_while_the_map_does()
    {
        var rig = Filled();
        rig.Ask(1, 9, PullMode.Digests);
        Assert.Single(rig.Sent(MapFrame.Offer));
        var before = rig.Replica.RowsOf(MapNet.Path("k3"))[0];
        rig.Set("k3", [99]);
        rig.Send(1, MapFrame.Want, (ref WireWriter writer) =>
        {
            writer.WriteUInt64(9);
            writer.WriteByte(1);
            writer.WriteByte(1);
            writer.WriteUInt64(before.Symbol);
        });
        var offer = new WireReader(Assert.Single(rig.Sent(MapFrame.Offer)).Body);
        offer.ReadBytes(sizeof(ulong) + 3);
        Assert.True(RowCodec.TryRead(ref offer, out var row));
        Assert.Equal((before.Dot, 3), (row.Dot, row.Value.Span[0]));
    }

    [Fact]
    public void Events_that_come_in_reverse_order_are_applied_when_the_first_has_come()
    {
        var (rig, events) = (new MapRig(), new List<MapEvent>());
        var epoch = new EpochId(new NodeId(9, 9), 1);
        for (ulong i = 1; i <= 10; i++)
        {
            var row = new MapRow(
                MapNet.Path("k"), new Dot(epoch, i), RowKind.Register, i, 0, true, new byte[] { (byte)i });
            Dot[] replaced = i == 1 ? [] : [new Dot(epoch, i - 1)];
            events.Add(new MapEvent(row.Dot, [new EventEntry(row.Path, false, replaced, row)], []));
        }

        foreach (var one in Enumerable.Reverse(events).Take(9))
        {
            rig.Protocol.Hear(Payload("n", one));
        }

        Assert.Equal((0, 9), (rig.Protocol.Maps["n"].Replica.Count, rig.Counters.LeftToExchange));
        rig.Protocol.Hear(Payload("n", events[0]));
        var shown = Assert.Single(rig.Protocol.Maps["n"].Replica.Rows);
        Assert.Equal((events[9].Dot, 0), (shown.Dot, rig.Protocol.Maps["n"].Waiting.Count));
        Assert.Equal(10, rig.Counters.Applied);
    }

    [Fact]
    public void Events_that_wait_are_bounded_and_what_they_wait_for_need_not_exist()
    {
        var rig = new MapRig();
        var epoch = new EpochId(new NodeId(9, 9), 1);
        for (ulong i = 1; i <= 5_000; i++)
        {
            var dot = new Dot(epoch, 2 * i);
            var row = new MapRow(MapNet.Path("k"), dot, RowKind.Register, i, 0, true, new byte[1_000]);
            rig.Protocol.Hear(Payload("m", new MapEvent(
                dot, [new EventEntry(row.Path, false, [new Dot(epoch, (2 * i) - 1)], row)], [])));
        }

        Assert.InRange(rig.Protocol.Maps["m"].Waiting.Count, 500, WaitingEvents.MostEvents);
        Assert.Equal((5_000, 0), (rig.Counters.LeftToExchange, rig.Replica.Count));
    }

    [Fact]
    public void A_peer_that_stays_silent_does_not_keep_others_from_mending()
    {
        var rig = new MapRig();
        var nonce = rig.BeginPull(1);
        rig.Beat(2, "m", _other);
        Assert.Empty(rig.Sent(MapFrame.Ask));
        rig.Node.Advance(TimeSpan.FromSeconds(2));
        rig.Sent();
        rig.Beat(2, "m", _other);
        var (to, _, ask) = Assert.Single(rig.Sent(MapFrame.Ask));
        Assert.Equal(Lone.At(2), to);
        Assert.NotEqual(nonce, new WireReader(ask).ReadUInt64());
        Assert.Equal((1, 1), (rig.Counters.ExchangesCut, rig.Protocol.OpenExchanges));
    }

    [Fact]
    public void Maps_of_others_are_held_up_to_the_bound_and_no_further()
    {
        var rig = new MapRig();
        for (var i = 0; i < 100; i++)
        {
            rig.Beat(1, $"map{i}", _other);
        }

        Assert.Equal((8, 92), (rig.Protocol.MapCount, rig.Counters.MapsRefused));
        Assert.True(rig.Protocol.OpenExchanges <= 4);
    }

    [Fact]
    public void A_stranger_draws_no_exchange_and_makes_no_map()
    {
        var rig = new MapRig();
        rig.Set("k", [1]);
        rig.Sent();
        rig.Beat(5_000, "m", _other);
        rig.Beat(5_000, "foreign", _other);
        rig.Ask(5_000, 9, PullMode.Snapshot);
        Assert.Empty(rig.Sent(MapFrame.Ask));
        Assert.Empty(rig.Sent(MapFrame.Offer));
        Assert.Equal((1, 1), (rig.Protocol.MapCount, rig.Counters.Unproven));

        // The control: a member does.
        rig.Beat(1, "m", _other);
        Assert.Single(rig.Sent(MapFrame.Ask));
    }

    [Fact]
    public void An_event_of_a_clock_a_year_ahead_decides_only_among_concurrent_writes()
    {
        var rig = new MapRig();
        var dot = new Dot(new EpochId(new NodeId(9, 9), 1), 1);
        var row = new MapRow(MapNet.Path("k"), dot, RowKind.Register, ulong.MaxValue, 0, true, new byte[] { 9 });
        rig.Protocol.Hear(Payload("m", new MapEvent(dot, [new EventEntry(row.Path, false, [], row)], [])));
        Assert.Equal(1, rig.Replica.Count);
        rig.Set("k", [1]);
        Assert.Equal(1, rig.Replica.RowsOf(MapNet.Path("k")).Length);
        Assert.NotEqual(dot, rig.Replica.RowsOf(MapNet.Path("k"))[0].Dot);
    }

    [Fact]
    public void Events_that_are_cut_or_malformed_are_counted_and_change_nothing()
    {
        var rig = new MapRig();
        rig.Set("k", [1]);
        var dot = new Dot(new EpochId(new NodeId(9, 9), 1), 1);
        var row = new MapRow(MapNet.Path("x"), dot, RowKind.Register, 1, 0, true, new byte[] { 9 });
        var payload = Payload("m", new MapEvent(dot, [new EventEntry(row.Path, false, [], row)], []));
        for (var length = 0; length < payload.Length; length++)
        {
            rig.Protocol.Hear(payload.AsSpan(0, length));
        }

        Assert.Equal((payload.Length, 1), (rig.Counters.Malformed, rig.Replica.Count));
        rig.Protocol.Hear(payload);
        rig.Protocol.Hear(payload);
        Assert.Equal((2, 1, 1), (rig.Replica.Count, rig.Counters.Applied, rig.Counters.AlreadySeen));
    }

    [Fact]
    public void A_store_that_fails_to_sync_opens_the_map_anew_and_the_write_says_so()
    {
        var rig = new MapRig();
        rig.Set("k", [1]);
        var epoch = rig.Replica.Epoch;
        rig.StoreOf("m").SyncFails = true;
        var became = WriteOutcome.Committed;
        rig.Node.Core.Post(rig.Node.Now, MapFrame.Protocol, new MapWriteCommand(
            "m", [MapChange.Remove(MapNet.Path("k"))], 5, (outcome, _) => became = outcome));
        Assert.Equal(WriteOutcome.StoreFailed, became);
        rig.StoreOf("m").SyncFails = false;
        rig.Set("k", [2]);
        Assert.NotEqual(epoch, rig.Replica.Epoch);
        Assert.Equal(1, rig.Counters.StoreFailures);
    }

    private static byte[] Payload(string map, MapEvent one) => WireEncodings.ToBytes((ref WireWriter writer) =>
    {
        MapRig.WriteName(ref writer, map);
        EventCodec.Write(ref writer, one);
    });

    private static MapRig Filled()
    {
        var rig = new MapRig();
        for (byte i = 0; i < 20; i++)
        {
            rig.Set($"k{i}", [i]);
        }

        rig.Sent();
        return rig;
    }

    /// <summary>An offer of a sketch whose cells are those of no set.</summary>
    private static byte[] Garbled(ulong nonce, int rows, int first, int cells)
    {
        var summary = new ReplicaSummary(Lone.Id(1), CausalContext.Empty, false, 1, rows);
        var body = WireEncodings.ToBytes((ref WireWriter writer) =>
        {
            SummaryCodec.Write(ref writer, summary);
            WriteCells(ref writer, rows, first, cells);
        });
        return WireEncodings.ToBytes((ref WireWriter writer) =>
        {
            writer.WriteUInt64(nonce);
            writer.WriteByte(0);
            writer.WriteByte((byte)PullMode.Sketch);
            Varint.Write(ref writer, (ulong)body.Length);
            writer.WriteBytes(body);
        });
    }

    private static byte[] Chunk(ulong nonce, int rows, int first, int cells) =>
        WireEncodings.ToBytes((ref WireWriter writer) =>
        {
            writer.WriteUInt64(nonce);
            WriteCells(ref writer, rows, first, cells);
        });

    private static void WriteCells(ref WireWriter writer, int rows, int first, int cells)
    {
        Varint.Write(ref writer, (ulong)rows);
        Varint.Write(ref writer, (ulong)first);
        writer.WriteByte(sizeof(ulong));
        Varint.Write(ref writer, (ulong)cells);
        for (var i = first; i < first + cells; i++)
        {
            SketchCodec.WriteCell(ref writer, new SketchCell((ulong)i + 1, 12_345, 7), rows, i, sizeof(ulong));
        }
    }
}
