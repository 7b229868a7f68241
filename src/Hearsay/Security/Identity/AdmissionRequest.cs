using Hearsay.Protocols;
using Hearsay.Protocols.Security.Identity;

namespace Hearsay.Security.Identity;

/// <summary>
/// What a node gives to the operator who is to admit it: its public keys, and the proof that it has the secret ones.
/// <code>
///   0  key         32 bytes   X25519; its hash is the node's id
///  32  signing key 32 bytes   Ed25519
///  64  signature   64 bytes   by the signing key, of "hearsay request 1" and both keys
/// </code>
/// The key of X25519 must be the one that belongs to the signing key. So whoever signs has both secret keys, and nobody
/// can ask for a token with the id of another node and a signing key of its own.
/// </summary>
/// <remarks>
/// One key pair for signatures and for key agreement: that this is as safe as two is proven in Thormarker, "On using
/// the same key pair for Ed25519 and an X25519 based KEM", ePrint 2021/509. All signatures cover a purpose of their
/// own.
/// </remarks>
internal static class AdmissionRequest
{
    /// <summary>The length of both public keys, in bytes.</summary>
    public const int KeysBytes = 2 * IdentityCipher.KeyBytes;

    /// <summary>The length of a request, in bytes.</summary>
    public const int SizeBytes = KeysBytes + IdentityCipher.SignatureBytes;

    private static readonly SodiumIdentity s_cipher = new();

    private static ReadOnlySpan<byte> Purpose => "hearsay request 1"u8;

    /// <summary>The request of a node. Without the proof if its keys do not belong together.</summary>
    public static byte[] Make(NodeKeys keys)
    {
        byte[] both = [.. keys.Public, .. keys.SigningPublic];
        if (!BelongTogether(both))
        {
            return both;
        }

        var request = new byte[SizeBytes];
        both.CopyTo(request, 0);
        AdmissionToken.Sign(s_cipher, Purpose, both, keys.SigningSecret, request.AsSpan(KeysBytes));
        return request;
    }

    /// <summary>Whether it proves that whoever made it has the secret keys.</summary>
    /// <param name="request">Anything at all.</param>
    public static bool IsProven(ReadOnlySpan<byte> request) =>
        request.Length == SizeBytes && BelongTogether(request[..KeysBytes])
        && AdmissionToken.Verify(
            s_cipher, Purpose, request[..KeysBytes], request[IdentityCipher.KeyBytes..KeysBytes], request[KeysBytes..]);

    /// <summary>The id of the node that a text names, proven or not.</summary>
    /// <param name="text">Anything at all.</param>
    /// <param name="id">The id.</param>
    public static bool TryReadId(string text, out NodeId id)
    {
        var isRead = KeyText.TryRead(KeyText.Node, text, out var bytes) && bytes.Length is KeysBytes or SizeBytes;
        id = isRead ? NodeKeys.IdOf(bytes.AsSpan(0, IdentityCipher.KeyBytes)) : NodeId.None;
        return isRead;
    }

    private static bool BelongTogether(ReadOnlySpan<byte> keys)
    {
        Span<byte> expected = stackalloc byte[IdentityCipher.KeyBytes];
        return SodiumIdentity.TryPublicOf(keys[IdentityCipher.KeyBytes..], expected)
            && expected.SequenceEqual(keys[..IdentityCipher.KeyBytes]);
    }
}
