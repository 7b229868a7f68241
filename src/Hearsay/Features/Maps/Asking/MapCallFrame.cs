using System.Buffers.Binary;
using Hearsay.Protocols;
using Hearsay.Protocols.Wire;

namespace Hearsay.Features.Maps.Asking;

/// <summary>
/// A call: one node asks another for something of its maps, in as many requests as it takes.
/// <code>
/// request  begin 1, call 8, length of the <see cref="MapQuestion"/> varint, the beginning of it
///          more 2, call 8, what follows of it
///          next 3, call 8
///          end 4, call 8
/// answer   state 1 (0 send more of the question, 1 ask for what is next, 2 that was all), bytes of pieces
/// </code>
/// The call is a random number of the asker. The bytes of all answers one after the other are the pieces of
/// <see cref="MapPiece"/>. An answer may be empty: then there is nothing yet, and the asker asks for what is next.
/// </summary>
internal static class MapCallFrame
{
    /// <summary>The name of the requests.</summary>
    public const string Name = "\0maps";

    /// <summary>What one request or answer holds of a question or of pieces.</summary>
    public const int PartBytes = RequestBytes - HeadBytes;

    /// <summary>A question begins.</summary>
    public const byte Begin = 1;

    /// <summary>More of it.</summary>
    public const byte More = 2;

    /// <summary>More of the answer is asked for.</summary>
    public const byte Next = 3;

    /// <summary>Nobody waits any more.</summary>
    public const byte End = 4;

    /// <summary>More of the question is asked for.</summary>
    public const byte GoOn = 0;

    /// <summary>More of the answer comes.</summary>
    public const byte IsMore = 1;

    /// <summary>That was all.</summary>
    public const byte IsLast = 2;

    /// <summary>The kind, the call and the longest length.</summary>
    private const int HeadBytes = 1 + sizeof(ulong) + 10;

    /// <summary>What a request takes, with some room.</summary>
    private const int RequestBytes = 59_000;

    /// <summary>A request.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="call">The call.</param>
    /// <param name="length">The length of the whole question, where it begins.</param>
    /// <param name="part">A part of the question.</param>
    public static byte[] Of(byte kind, ulong call, int length = 0, ReadOnlyMemory<byte> part = default)
    {
        var writer = new WireWriter(new byte[HeadBytes + part.Length]);
        writer.WriteByte(kind);
        writer.WriteUInt64(call);
        if (kind == Begin)
        {
            Varint.Write(ref writer, (ulong)length);
        }

        writer.WriteBytes(part.Span);
        return writer.Written.ToArray();
    }

    /// <summary>Reads a request; false if it is malformed.</summary>
    public static bool TryRead(
        ReadOnlyMemory<byte> request, out byte kind, out ulong call, out int length, out ReadOnlyMemory<byte> part)
    {
        var reader = new WireReader(request.Span);
        (kind, call, length, part) = (reader.ReadByte(), reader.ReadUInt64(), 0, default);
        if (reader.Failed || kind is < Begin or > End)
        {
            return false;
        }

        if (kind == Begin)
        {
            if (!Varint.TryRead(ref reader, out var whole) || whole is 0 or > int.MaxValue)
            {
                return false;
            }

            length = (int)whole;
        }

        part = request[^reader.Rest.Length..];
        return kind is Begin or More || part.IsEmpty;
    }

    /// <summary>The length of the piece that begins here; below zero if not even that has come.</summary>
    public static long LengthOfPiece(ReadOnlySpan<byte> bytes) =>
        bytes.Length < MapPiece.LengthBytes ? -1 : BinaryPrimitives.ReadUInt32BigEndian(bytes);
}
