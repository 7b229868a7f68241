using System.Buffers.Binary;

namespace Hearsay.Protocols.Transfer;

/// <summary>
/// The bodies of the frames of a transfer. The protocol that transfers gives them types of its own, and may put
/// something before them.
/// <code>
/// want        name of the body (16), indices of chunks in ascending order, 2 bytes each; 0x8000 in one: only if it is
///             here now
/// chunk       name, index (2), bytes
/// lacking     name, indices of what was wanted "now" and is not here
/// gone        name: nothing is here of what was wanted
///
/// A (has the body)          B (has its manifest)
/// |&lt;-- want 0, 1, 2 --------|   at most 32 chunks at a time
/// |-- chunk 0 ------------->|
/// |-- chunk 1 ------------->|   B checks each against the manifest, and may pass it on at once
/// |-- lacking 2 ----------->|   B asks another node
/// </code>
/// The manifest travels as the protocol likes (<see cref="TransferManifest"/>). Whoever believes the manifest can
/// believe the chunks, wherever they come from.
/// </summary>
internal static class TransferFrame
{
    /// <summary>The bytes of a name.</summary>
    public const int IdBytes = 16;

    /// <summary>What is before the bytes of a chunk: the name and the index.</summary>
    public const int ChunkHeadBytes = IdBytes + sizeof(ushort);

    /// <summary>The most chunks in one request.</summary>
    public const int MaximumAsked = 64;

    /// <summary>The longest request, or answer that chunks are lacking.</summary>
    public const int MaximumListBytes = IdBytes + (sizeof(ushort) * MaximumAsked);

    /// <summary>Set in the index of a chunk that is wanted only if it is here now.</summary>
    public const ushort OnlyNow = 0x8000;

    /// <summary>Whether this has the form of a name with indices.</summary>
    public static bool IsList(ReadOnlySpan<byte> body) => body.Length >= IdBytes && body.Length % 2 == 0;

    /// <summary>Whether this has the form of a request.</summary>
    public static bool IsWant(ReadOnlySpan<byte> body) => IsList(body) && body.Length <= MaximumListBytes;

    public static UInt128 ReadId(ReadOnlySpan<byte> body) => BinaryPrimitives.ReadUInt128BigEndian(body);

    public static void WriteId(Span<byte> body, UInt128 id) => BinaryPrimitives.WriteUInt128BigEndian(body, id);

    public static bool TryReadChunk(
        ReadOnlySpan<byte> body, out UInt128 id, out int chunk, out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        (id, chunk) = (default, 0);
        if (body.Length <= ChunkHeadBytes)
        {
            return false;
        }

        (id, chunk) = (ReadId(body), BinaryPrimitives.ReadUInt16BigEndian(body[IdBytes..]));
        bytes = body[ChunkHeadBytes..];
        return true;
    }
}
