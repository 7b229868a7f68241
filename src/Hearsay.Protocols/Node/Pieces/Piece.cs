using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.Node.Pieces;

/// <summary>
/// One piece of a packet that is longer than a datagram and that no stream can carry: a frame of the node itself
/// (<see cref="Frame.Piece"/>), alone in its datagram. The packet is cut with its own envelope.
/// <code>
///  0  number   8 bytes  of the packet, random
///  8  index    1 byte   of this piece, from 0
///  9  last     1 byte   index of the packet's last piece, at most 56
/// 10  round    1 byte   0, or the number of the round whose last piece this is: a receipt is due
/// 11  bytes    1,152; those of the last piece 1 to 1,152
/// </code>
/// The receipt (<see cref="Frame.PieceReceipt"/>) has the packet's number (8 bytes), the pieces that are here (8 bytes,
/// the piece with index i as the bit 2^i) and the round (1 byte). It goes out when it is due, and when all are here.
/// </summary>
/// <param name="Number">The packet's number.</param>
/// <param name="Index">Which piece this is.</param>
/// <param name="Last">The index of the last one.</param>
/// <param name="Round">0, or the round that ends with this piece.</param>
internal readonly record struct Piece(ulong Number, int Index, int Last, byte Round)
{
    /// <summary>The bytes of a packet in each of its pieces but the last one.</summary>
    public const int FullBytes = 1152;

    /// <summary>The most pieces of a packet.</summary>
    public const int Most = (Envelope.MaximumStreamBytes + FullBytes - 1) / FullBytes;

    /// <summary>What is before the bytes.</summary>
    public const int HeadBytes = sizeof(ulong) + 3;

    /// <summary>The length of a receipt's body.</summary>
    public const int ReceiptBytes = (2 * sizeof(ulong)) + 1;

    /// <summary>A receipt must not be longer than the piece that it answers.</summary>
    public const int LeastDatagramBytes = Envelope.SizeBytes + Frame.HeaderBytes + ReceiptBytes;

    /// <summary>The index of the last piece of so long a packet.</summary>
    public static int LastOf(int packetBytes) => (packetBytes - 1) / FullBytes;

    /// <summary>All pieces of a packet, one bit each.</summary>
    public static ulong AllOf(int last) => ulong.MaxValue >> (63 - last);

    /// <summary>What a packet has in this piece.</summary>
    public ReadOnlySpan<byte> Of(ReadOnlySpan<byte> packet) =>
        packet.Slice(Index * FullBytes, Math.Min(FullBytes, packet.Length - (Index * FullBytes)));

    /// <summary>Writes the frame.</summary>
    /// <param name="writer">Stands behind the envelope.</param>
    /// <param name="bytes">What the packet has in this piece.</param>
    public void Write(ref WireWriter writer, ReadOnlySpan<byte> bytes)
    {
        var start = Frame.Begin(ref writer, Frame.Node, Frame.Piece);
        writer.WriteUInt64(Number);
        writer.WriteByte((byte)Index);
        writer.WriteByte((byte)Last);
        writer.WriteByte(Round);
        writer.WriteBytes(bytes);
        Frame.End(ref writer, start);
        Frame.Pad(ref writer, LeastDatagramBytes);
    }

    /// <summary>Reads the body of the frame.</summary>
    /// <returns>False if it is none.</returns>
    public static bool TryRead(ReadOnlySpan<byte> body, out Piece piece, out ReadOnlySpan<byte> bytes)
    {
        var reader = new WireReader(body);
        piece = new Piece(reader.ReadUInt64(), reader.ReadByte(), reader.ReadByte(), reader.ReadByte());
        bytes = reader.Rest;
        return !reader.Failed && piece.Index <= piece.Last && piece.Last < Most
            && bytes.Length is > 0 and <= FullBytes
            && (piece.Index == piece.Last || bytes.Length == FullBytes)
            && (piece.Last * FullBytes) + bytes.Length <= Envelope.MaximumStreamBytes + FullBytes;
    }

    /// <summary>Writes the frame of a receipt.</summary>
    public static void WriteReceipt(ref WireWriter writer, ulong number, ulong here, byte round)
    {
        var start = Frame.Begin(ref writer, Frame.Node, Frame.PieceReceipt);
        writer.WriteUInt64(number);
        writer.WriteUInt64(here);
        writer.WriteByte(round);
        Frame.End(ref writer, start);
    }

    /// <summary>Reads the body of a receipt.</summary>
    /// <returns>False if it is none.</returns>
    public static bool TryReadReceipt(ReadOnlySpan<byte> body, out ulong number, out ulong here, out byte round)
    {
        var reader = new WireReader(body);
        (number, here, round) = (reader.ReadUInt64(), reader.ReadUInt64(), reader.ReadByte());
        return !reader.Failed;
    }
}
