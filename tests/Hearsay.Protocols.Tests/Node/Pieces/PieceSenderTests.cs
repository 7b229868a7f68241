using CsCheck;
using Hearsay.Protocols.Node.Pieces;
using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.Tests.Node.Pieces;

/// <summary>Packets that are longer than a datagram go over datagrams, to where no stream can be opened.</summary>
public sealed class PieceSenderTests
{
    [Fact]
    [Campaign]
    public void What_arrives_arrives_once_in_order_and_byte_for_byte_and_what_does_not_was_given_up() => Gen
        .Select(Gen.Int[0, 1000], Gen.Double[0, 0.2], Gen.Int[1, Envelope.MaximumStreamBytes].Array[1, 12])
        .Sample((seed, loss, lengths) =>
        {
            var (wire, packets) = Run(seed, loss, lengths);
            Assert.Equal(packets.Take(wire.Arrived.Count), wire.Arrived);

            // The last one may have arrived, and only its receipts were lost.
            Assert.InRange(wire.Arrived.Count, packets.Length - wire.Sender.GivenUp,
                packets.Length - Math.Max(wire.Sender.GivenUp - 1, 0));
        }, iter: 100, seed: "0000000000001");

    /// <summary>
    /// A round fails with its last piece or with the receipt, and six in a row give all that waits up. At 20 % that is
    /// about one packet in 900: (1 - 0.83 * 0.83)^6, since the line doubles what it does not lose as often.
    /// </summary>
    [Theory]
    [InlineData(0.05, 0)]
    [InlineData(0.1, 1)]
    [InlineData(0.2, 8)]
    public void Hardly_any_packet_is_given_up_while_the_line_works(double loss, int most)
    {
        var givenUp = 0;
        for (var seed = 0; seed < 200; seed++)
        {
            givenUp += Run(seed, loss, [1000, 65_536, 9000]).Wire.Sender.GivenUp > 0 ? 1 : 0;
        }

        Assert.InRange(givenUp, 0, most);
    }

    [Theory]
    [InlineData(0, 1.0)]
    [InlineData(0.01, 1.04)]
    [InlineData(0.1, 1.25)]
    public void What_was_lost_goes_out_again_and_hardly_more(double loss, double most)
    {
        var wire = new PieceWire(1, loss);
        for (var i = 0; i < 16; i++)
        {
            wire.Sender.TrySend(PieceWire.Here, Packet(32_800, i));
        }

        wire.Run();
        Assert.Equal(16, wire.Arrived.Count);
        Assert.InRange(wire.Sent.Count / (16.0 * 29), 1, most);
    }

    [Fact]
    public void A_megabyte_takes_three_round_trips_for_32_KiB_at_first_and_then_one_or_two()
    {
        var wire = new PieceWire(1, 0);
        for (var i = 0; i < 31; i++)
        {
            wire.Sender.TrySend(PieceWire.Here, Packet(32_800, i));
        }

        var start = wire.Now;
        wire.Run();
        Assert.InRange((wire.Now - start).TotalMilliseconds, 31 * 20, 33 * 20);
        Assert.Equal(31, wire.Arrived.Count);
    }

    [Fact]
    public void An_address_that_sends_no_receipt_is_sent_less_each_time_and_then_nothing()
    {
        var wire = new PieceWire(1, 0) { IsCut = true };
        for (var i = 0; i < 5; i++)
        {
            wire.Sender.TrySend(PieceWire.Here, Packet(65_536, i));
        }

        var start = wire.Now;
        wire.Run();
        Assert.Equal(5, wire.Sender.GivenUp);
        Assert.InRange((wire.Now - start).TotalSeconds, 3, 10);
        Assert.Equal(16 + PieceQueue.MaximumTries, wire.Sent.Count);

        // What comes later is tried again.
        wire.IsCut = false;
        wire.Sender.TrySend(PieceWire.Here, Packet(5000, 1));
        wire.Run();
        Assert.Single(wire.Arrived);
    }

    [Fact]
    public void What_waits_is_bounded_for_each_address_and_in_all()
    {
        var wire = new PieceWire(1, 0) { IsCut = true };
        var taken = 0;
        while (wire.Sender.TrySend(PieceWire.Here, Packet(65_536, 0)))
        {
            taken++;
        }

        Assert.Equal(PieceQueue.CapacityBytes / 65_536, taken);
        for (var i = 1; i < PieceSender.Capacity; i++)
        {
            Assert.True(wire.Sender.TrySend(NodeAddress.FromIPv4(0x0A00_0002, (ushort)(7000 + i)), [1]));
        }

        Assert.False(wire.Sender.TrySend(NodeAddress.FromIPv4(0x0A00_0003, 7000), [1]));
        wire.Run();

        // Nothing waits any more, so another address has room.
        Assert.True(wire.Sender.TrySend(NodeAddress.FromIPv4(0x0A00_0003, 7000), [1]));
    }

    [Fact]
    public void Receipts_for_other_packets_and_from_other_addresses_change_nothing()
    {
        var wire = new PieceWire(1, 0) { IsCut = true };
        wire.Sender.TrySend(PieceWire.Here, Packet(5000, 0));
        var number = wire.Sent[0].Piece.Number;
        wire.Sender.OnReceipt(PieceWire.Here, number + 1, ulong.MaxValue, 1);
        wire.Sender.OnReceipt(NodeAddress.FromIPv4(0x0A00_0002, 7000), number, ulong.MaxValue, 1);
        Assert.Equal(5, wire.Sent.Count);
        Assert.NotEqual(Instant.Never, wire.Sender.NextDue);
        wire.Sender.OnReceipt(PieceWire.Here, number, ulong.MaxValue, 1);
        Assert.Equal(Instant.Never, wire.Sender.NextDue);
    }

    private static (PieceWire Wire, byte[][] Packets) Run(int seed, double loss, int[] lengths)
    {
        var wire = new PieceWire(seed, loss, jitterMilliseconds: 5);
        var packets = lengths.Select(length => Packet(length, seed)).ToArray();
        Assert.All(packets, packet => Assert.True(wire.Sender.TrySend(PieceWire.Here, packet)));
        wire.Run();
        return (wire, packets);
    }

    private static byte[] Packet(int length, int seed)
    {
        var bytes = new byte[length];
        new Random(seed + length).NextBytes(bytes);
        return bytes;
    }
}
