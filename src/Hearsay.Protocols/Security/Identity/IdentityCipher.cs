namespace Hearsay.Protocols.Security.Identity;

/// <summary>
/// The cryptography that handshakes and signatures need besides that of records. The protocols bring none of their own:
/// the live node has libsodium behind this.
/// </summary>
/// <remarks>
/// No method allocates, and none throws for what comes from the network. It has no randomness: secrets come from
/// <see cref="RecordCipher.Fill"/>.
/// </remarks>
internal abstract class IdentityCipher
{
    /// <summary>The length of every key but a secret key of Ed25519, in bytes.</summary>
    public const int KeyBytes = 32;

    /// <summary>The length of a secret key of Ed25519, in bytes.</summary>
    public const int SigningSecretBytes = 64;

    /// <summary>The length of a signature, in bytes.</summary>
    public const int SignatureBytes = 64;

    /// <summary>The length of a tag, in bytes.</summary>
    public const int TagBytes = 16;

    /// <summary>The public key that belongs to a secret key (X25519).</summary>
    public abstract void PublicOf(ReadOnlySpan<byte> secret, Span<byte> publicKey);

    /// <summary>What two key pairs have in common (X25519).</summary>
    /// <returns>False if the public key is one of the few that leave nothing secret.</returns>
    public abstract bool TryAgree(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> publicKey, Span<byte> shared);

    /// <summary>Encrypts a text where it is (ChaCha20-Poly1305) and authenticates it with other data.</summary>
    /// <param name="key">The key, 32 bytes.</param>
    /// <param name="number">A number that is never used again with this key.</param>
    /// <param name="data">What is authenticated besides.</param>
    /// <param name="text">The text; replaced.</param>
    /// <param name="tag">Receives the tag, 16 bytes.</param>
    public abstract void Seal(
        ReadOnlySpan<byte> key, ulong number, ReadOnlySpan<byte> data, Span<byte> text, Span<byte> tag);

    /// <summary>Checks a tag and only then decrypts.</summary>
    /// <param name="key">The key, 32 bytes.</param>
    /// <param name="number">The number that the text was sealed with.</param>
    /// <param name="data">What is authenticated besides.</param>
    /// <param name="closed">What was encrypted.</param>
    /// <param name="tag">Its tag, 16 bytes.</param>
    /// <param name="text">Receives the text, as long as <paramref name="closed"/>.</param>
    /// <returns>False if the tag does not hold.</returns>
    public abstract bool TryOpen(
        ReadOnlySpan<byte> key,
        ulong number,
        ReadOnlySpan<byte> data,
        ReadOnlySpan<byte> closed,
        ReadOnlySpan<byte> tag,
        Span<byte> text);

    /// <summary>The keyed hash of some data (HMAC-SHA-256).</summary>
    /// <param name="key">The key, 32 bytes.</param>
    /// <param name="data">The data.</param>
    /// <param name="hash">Receives the hash, 32 bytes.</param>
    public abstract void Mac(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, Span<byte> hash);

    /// <summary>Signs a message (Ed25519).</summary>
    public abstract void Sign(ReadOnlySpan<byte> message, ReadOnlySpan<byte> secret, Span<byte> signature);

    /// <summary>Whether a signature holds (Ed25519).</summary>
    public abstract bool Verify(
        ReadOnlySpan<byte> message, ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> signature);
}
