namespace Hearsay.Protocols.Wire;

/// <summary>
/// What follows the envelope: one or more frames, each of a protocol.
/// <code>
///  0  protocol   1 byte   0 the node itself, 1 peer sampling, 2 neighbours, 3 broadcast, 4 rumor mongering,
///                        5 aggregation, 6-127 reserved for Hearsay, 128-255 the application's
///  1  type       1 byte   the protocol's own numbering
///  2  length     2 bytes  of the body
///  4  body
/// </code>
/// A frame of an unknown protocol or type is skipped and counted. Inside a body, fields that follow the known ones are
/// skipped too: that is how minor versions grow.
/// </summary>
internal static class Frame
{
    /// <summary>The length of a frame's header, in bytes.</summary>
    public const int HeaderBytes = 4;

    /// <summary>The protocol byte of frames that all nodes exchange, whichever protocols they run.</summary>
    public const byte Node = 0;

    /// <summary>
    /// The type of a <see cref="Node"/> frame that only makes a packet longer. Its body has no meaning.
    /// </summary>
    public const byte Padding = 0;

    /// <summary>
    /// The type of a <see cref="Node"/> frame with a number of 8 bytes that the receiver must send back.
    /// </summary>
    public const byte Challenge = 1;

    /// <summary>The type of a <see cref="Node"/> frame with the number of a challenge, 8 bytes.</summary>
    public const byte Echo = 2;

    /// <summary>
    /// The type of a <see cref="Node"/> frame with a piece of a packet that is longer than a datagram.
    /// </summary>
    public const byte Piece = 3;

    /// <summary>The type of a <see cref="Node"/> frame that says which pieces of a packet have come.</summary>
    public const byte PieceReceipt = 4;

    /// <summary>The length of a challenge or echo in bytes, header included.</summary>
    public const int ProofBytes = HeaderBytes + sizeof(ulong);

    /// <summary>The first protocol byte for protocols of applications.</summary>
    public const byte FirstApplicationProtocol = 128;

    /// <summary>Starts a frame whose length is not known yet.</summary>
    /// <param name="writer">The writer of the packet.</param>
    /// <param name="protocol">The protocol byte.</param>
    /// <param name="type">The frame type.</param>
    /// <returns>The position of the frame, for <see cref="End"/>.</returns>
    public static int Begin(ref WireWriter writer, byte protocol, byte type)
    {
        var start = writer.Position;
        writer.WriteByte(protocol);
        writer.WriteByte(type);
        writer.WriteUInt16(0);
        return start;
    }

    /// <summary>Ends a frame by writing its length.</summary>
    /// <param name="writer">The writer of the packet.</param>
    /// <param name="start">The position that <see cref="Begin"/> returned.</param>
    public static void End(ref WireWriter writer, int start)
    {
        if (!writer.Failed)
        {
            writer.Patch(start + 2, (ushort)(writer.Position - start - HeaderBytes));
        }
    }

    /// <summary>Reads the next frame.</summary>
    /// <param name="reader">The reader of the packet, after the envelope.</param>
    /// <param name="protocol">The protocol byte.</param>
    /// <param name="type">The frame type.</param>
    /// <param name="body">The body, which points into the packet.</param>
    /// <returns>
    /// False at the end of the packet, and if the rest is not a whole frame. In the second case the reader has failed.
    /// </returns>
    public static bool TryRead(ref WireReader reader, out byte protocol, out byte type, out ReadOnlySpan<byte> body)
    {
        body = default;
        if (reader.Rest.IsEmpty)
        {
            (protocol, type) = (0, 0);
            return false;
        }

        protocol = reader.ReadByte();
        type = reader.ReadByte();
        body = reader.ReadBytes(reader.ReadUInt16());
        return !reader.Failed;
    }

    /// <summary>Writes a challenge or an echo.</summary>
    internal static void WriteProof(ref WireWriter writer, byte type, ulong token)
    {
        var start = Begin(ref writer, Node, type);
        writer.WriteUInt64(token);
        End(ref writer, start);
    }

    /// <summary>Whether a challenge stands before the first frame of a protocol.</summary>
    internal static bool HasChallenge(ReadOnlySpan<byte> frames)
    {
        var reader = new WireReader(frames);
        while (TryRead(ref reader, out var protocol, out var type, out _) && protocol == Node)
        {
            if (type == Challenge)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Pads the packet to a length with a padding frame. If the gap is smaller than a frame header, the packet becomes
    /// longer than that, or, at the end of the buffer, stays as it is.
    /// </summary>
    /// <param name="writer">The writer of the packet.</param>
    /// <param name="length">The length that the packet should have, in bytes.</param>
    public static void Pad(ref WireWriter writer, int length)
    {
        if (writer.Position >= length || writer.Room < HeaderBytes)
        {
            return;
        }

        var start = Begin(ref writer, Node, Padding);
        writer.WriteZeros(Math.Max(0, length - writer.Position));
        End(ref writer, start);
    }
}
