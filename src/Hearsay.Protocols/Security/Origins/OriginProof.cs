using System.Buffers.Binary;
using Hearsay.Protocols.Security.Identity;

namespace Hearsay.Protocols.Security.Origins;

/// <summary>
/// What proves who wrote something that others pass on, in mode identity. It stands behind what it proves:
/// <code>
///   0  time       8 bytes   when it was signed, in seconds since 1970, UTC, by the author's clock
///   8  signature 64 bytes   by the author (Ed25519), of what is listed below
///  72  token                of the author (<see cref="AdmissionToken"/>)
///      length     2 bytes   of the token
/// </code>
/// The signature covers a purpose in ASCII, the label of the cluster (8 bytes), the time (8) and SHA-256 of the content
/// (32). The token says which key of Ed25519 belongs to the author's id, so a node needs nothing else to verify what
/// comes from somebody it never met.
/// </summary>
/// <remarks>A view on bytes: nothing is copied, and nothing in it is proven before it is verified.</remarks>
internal readonly ref struct OriginProof
{
    /// <summary>The longest proof, in bytes.</summary>
    public const int LongestBytes = FixedBytes + AdmissionToken.LongestBytes;

    /// <summary>All of it but the token, in bytes.</summary>
    public const int FixedBytes = TokenOffset + sizeof(ushort);

    private const int SignatureOffset = sizeof(ulong);
    private const int TokenOffset = SignatureOffset + IdentityCipher.SignatureBytes;

    private readonly ReadOnlySpan<byte> _bytes;

    private OriginProof(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>When it was signed, in seconds since 1970.</summary>
    public long Time => BinaryPrimitives.ReadInt64BigEndian(_bytes);

    /// <summary>The author's signature.</summary>
    public ReadOnlySpan<byte> Signature => _bytes.Slice(SignatureOffset, IdentityCipher.SignatureBytes);

    /// <summary>The author's token.</summary>
    public ReadOnlySpan<byte> Token => _bytes[TokenOffset..^sizeof(ushort)];

    /// <summary>How many of the last bytes are a proof; 0 if none fits.</summary>
    public static int LengthAtEndOf(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < FixedBytes)
        {
            return 0;
        }

        var length = FixedBytes + BinaryPrimitives.ReadUInt16BigEndian(bytes[^sizeof(ushort)..]);
        return length <= LongestBytes && length <= bytes.Length ? length : 0;
    }

    /// <summary>Reads a proof.</summary>
    /// <param name="bytes">Anything at all.</param>
    /// <param name="proof">The proof, a view on them.</param>
    /// <returns>False if they are not as long as they say.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out OriginProof proof)
    {
        var isProof = !bytes.IsEmpty && LengthAtEndOf(bytes) == bytes.Length;
        proof = isProof ? new OriginProof(bytes) : default;
        return isProof;
    }

    /// <summary>Who is said to have signed, of what names no author beside its proof; none if it is no proof.</summary>
    public static NodeId AuthorOf(ReadOnlySpan<byte> bytes) =>
        TryRead(bytes, out var proof) && AdmissionToken.TryRead(proof.Token, out var token)
            ? NodeKeys.IdOf(token.Key) : NodeId.None;

    /// <summary>Writes all but the signature, and tells where that goes.</summary>
    /// <param name="bytes">As long as the proof is.</param>
    /// <param name="time">When it is signed, in seconds since 1970.</param>
    /// <param name="token">The author's token.</param>
    public static Span<byte> Write(Span<byte> bytes, long time, ReadOnlySpan<byte> token)
    {
        BinaryPrimitives.WriteInt64BigEndian(bytes, time);
        token.CopyTo(bytes[TokenOffset..]);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[^sizeof(ushort)..], (ushort)token.Length);
        return bytes.Slice(SignatureOffset, IdentityCipher.SignatureBytes);
    }
}
