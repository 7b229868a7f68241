using System.Security.Cryptography;

namespace Hearsay.Protocols.Security.Identity;

/// <summary>The key pairs of one node: X25519 for handshakes, whose hash is its id, and Ed25519 to sign.</summary>
internal sealed class NodeKeys
{
    private readonly byte[] _secret = GC.AllocateArray<byte>(IdentityCipher.KeyBytes, pinned: true);
    private readonly byte[] _signingSecret = GC.AllocateArray<byte>(IdentityCipher.SigningSecretBytes, pinned: true);
    private readonly byte[] _public = new byte[IdentityCipher.KeyBytes];

    /// <summary>The keys of a node.</summary>
    /// <param name="cipher">The cryptography.</param>
    /// <param name="secret">The secret of X25519, 32 bytes; copied.</param>
    /// <param name="signingSecret">The secret of Ed25519, 64 bytes; copied. Empty for who signs nothing.</param>
    public NodeKeys(IdentityCipher cipher, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> signingSecret)
    {
        secret.CopyTo(_secret);
        signingSecret.CopyTo(_signingSecret);
        cipher.PublicOf(_secret, _public);
        Id = IdOf(_public);
    }

    /// <summary>The id of the node: the first 128 bits of SHA-256 of its public key.</summary>
    public NodeId Id { get; }

    /// <summary>The public key of X25519.</summary>
    public ReadOnlySpan<byte> Public => _public;

    /// <summary>The secret key of X25519; never written anywhere but into the node's own file.</summary>
    public ReadOnlySpan<byte> Secret => _secret;

    /// <summary>The public key of Ed25519: the second half of the secret one.</summary>
    public ReadOnlySpan<byte> SigningPublic => _signingSecret.AsSpan(IdentityCipher.KeyBytes);

    /// <summary>The secret key of Ed25519.</summary>
    public ReadOnlySpan<byte> SigningSecret => _signingSecret;

    /// <summary>The id that belongs to a public key.</summary>
    public static NodeId IdOf(ReadOnlySpan<byte> publicKey)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(publicKey, hash);
        return NodeId.Read(hash);
    }

    /// <summary>Names the node, and no secret.</summary>
    public override string ToString() => $"keys of node {Id}";
}
