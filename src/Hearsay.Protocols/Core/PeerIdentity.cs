namespace Hearsay;

/// <summary>
/// The identity that a peer has proven, in mode identity: the peer holds the secret of the key whose hash is its id,
/// and an admission token of the cluster names that key.
/// </summary>
/// <remarks>Immutable, safe on any thread. Source: the handshake of the node with that peer.</remarks>
public sealed class PeerIdentity
{
    private readonly byte[] _key;

    /// <summary>Creates the identity of a peer.</summary>
    /// <param name="name">The name in its token.</param>
    /// <param name="key">Its public key, 32 bytes; copied.</param>
    /// <param name="validUntil">When its token ends.</param>
    internal PeerIdentity(string name, ReadOnlySpan<byte> key, DateTimeOffset validUntil) =>
        (Name, _key, ValidUntil) = (name, key.ToArray(), validUntil);

    /// <summary>
    /// The name that the operator gave the node when it was admitted, 1 to 64 bytes of UTF-8. Two nodes may have the
    /// same name: to authorise a peer, compare its <see cref="Key"/> or its id.
    /// </summary>
    public string Name { get; }

    /// <summary>The public key of the node (X25519), 32 bytes. The node's id is the first half of the key's
    /// SHA-256.</summary>
    public ReadOnlyMemory<byte> Key => _key;

    /// <summary>The end of the token that the node showed last, by the clock of its signer.</summary>
    public DateTimeOffset ValidUntil { get; }

    /// <summary>Returns the name.</summary>
    public override string ToString() => Name;
}
