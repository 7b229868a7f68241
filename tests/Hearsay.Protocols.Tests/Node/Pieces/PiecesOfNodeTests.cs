using Hearsay.Protocols.Node.Pieces;
using Hearsay.Protocols.Sampling.Exchange;
using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.Tests.Node.Pieces;

/// <summary>What a node does with pieces, and whose it takes.</summary>
public sealed class PiecesOfNodeTests
{
    private const ulong Number = 77;

    private readonly Lone _node = new();

    [Fact]
    public void A_packet_in_pieces_is_handled_as_one_that_came_over_a_stream()
    {
        var request = _node.Request(1, ExchangeMode.Push | ExchangeMode.Pull, NodeId.None, Lone.Of(1), Lone.Of(2));
        var whole = Padded(request, 3000);
        foreach (var index in (int[])[2, 0, 1])
        {
            _node.Receive(Lone.From(1), PieceOf(whole, index, index == 0 ? (byte)9 : (byte)0));
        }

        Assert.Contains(_node.Core.View.Copy(), peer => peer.Id == Lone.Id(2));
        Assert.Equal(1, _node.Core.Counters.PiecedReceived);

        // A receipt for the piece that asks for one, and one for the last that was missing; then the reply.
        Assert.Equal([(0b101ul, 9), (0b111ul, 0)], Receipts());
        var reply = Assert.Single(_node.Sent, static sent => sent.To.Kind == LinkKind.Stream);
        Assert.Equal(Lone.At(1), reply.To.Address);
    }

    [Fact]
    public void A_piece_of_a_stranger_is_not_taken_and_the_stranger_is_asked_for_a_proof()
    {
        var stranger = new Link(Lone.At(300), LinkKind.Datagram);
        _node.Receive(stranger, PieceOf(new byte[3000], 0, 1));
        _node.Advance(TimeSpan.FromMilliseconds(10));
        Assert.Empty(Receipts());
        Assert.Equal(0, _node.Core.Counters.PiecedRefused + _node.Core.Counters.PiecedReceived);
        Assert.Contains(_node.Sent, sent => sent.To == stranger && Frame.HasChallenge(sent.Packet.AsSpan(32)));
    }

    [Fact]
    public void Pieces_within_a_packet_that_came_in_pieces_are_not_taken()
    {
        var inner = PieceOf(new byte[3000], 0, 1);
        _node.Receive(Lone.From(1), PieceOf(inner, 0, 1));
        Assert.Single(Receipts());
    }

    [Theory]
    [InlineData(5, 4, 10)]
    [InlineData(0, 57, 1152)]
    [InlineData(0, 1, 1151)]
    [InlineData(1, 1, 0)]
    public void A_piece_with_a_wrong_index_or_length_is_malformed(byte index, byte last, int bytes)
    {
        _node.Receive(Lone.From(1), Lone.Packet(Lone.Id(1), Frame.Node, Frame.Piece, body => body
            .UInt64(Number).Byte(index).Byte(last).Byte(1).Zeros(bytes)));
        Assert.Equal(1, _node.Core.Counters.Dropped(DropReason.Malformed));
        Assert.Empty(Receipts());
    }

    private static byte[] Padded(byte[] packet, int length)
    {
        var longer = new byte[length];
        packet.CopyTo(longer, 0);
        var writer = new WireWriter(longer);
        writer.WriteBytes(packet);
        Frame.Pad(ref writer, length);
        Envelope.Seal(longer, Envelope.LabelOf("default"), Lone.Id(1));
        return longer;
    }

    private static byte[] PieceOf(byte[] packet, int index, byte round)
    {
        var piece = new Piece(Number, index, Piece.LastOf(packet.Length), round);
        var writer = new WireWriter(new byte[Envelope.MaximumDatagramBytes]);
        writer.WriteZeros(Envelope.SizeBytes);
        piece.Write(ref writer, piece.Of(packet));
        Envelope.Seal(writer.Written, Envelope.LabelOf("default"), Lone.Id(1));
        return writer.Written.ToArray();
    }

    private (ulong Here, int Round)[] Receipts() => [.. _node.Sent.SelectMany(static sent => ReceiptIn(sent.Packet))];

    private static IEnumerable<(ulong Here, int Round)> ReceiptIn(byte[] packet)
    {
        var reader = new WireReader(packet.AsSpan(Envelope.SizeBytes));
        if (!Frame.TryRead(ref reader, out var protocol, out var type, out var body)
            || (protocol, type) != (Frame.Node, Frame.PieceReceipt))
        {
            return [];
        }

        Assert.True(Piece.TryReadReceipt(body, out var number, out var here, out var round));
        Assert.Equal(Number, number);
        return [(here, round)];
    }
}
