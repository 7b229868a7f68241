namespace Hearsay.Protocols.Security;

/// <summary>
/// The cryptography that records need. The protocols bring none of their own: the live node has libsodium behind this,
/// and a simulation the same with random bytes that can be repeated.
/// </summary>
/// <remarks>No method allocates, and none throws for what comes from the network.</remarks>
internal abstract class RecordCipher
{
    /// <summary>The length of a key, in bytes.</summary>
    public const int KeyBytes = 32;

    /// <summary>The length of a nonce, in bytes.</summary>
    public const int NonceBytes = 24;

    /// <summary>The length of a tag, in bytes.</summary>
    public const int TagBytes = 16;

    /// <summary>Encrypts a text where it is (XChaCha20-Poly1305) and authenticates it with other data.</summary>
    /// <param name="key">The key, 32 bytes.</param>
    /// <param name="nonce">24 bytes that are never used again with this key.</param>
    /// <param name="data">What is authenticated besides.</param>
    /// <param name="text">The text; replaced.</param>
    /// <param name="tag">Receives the tag, 16 bytes.</param>
    public abstract void Seal(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> data, Span<byte> text, Span<byte> tag);

    /// <summary>Checks a tag and only then decrypts.</summary>
    /// <param name="key">The key, 32 bytes.</param>
    /// <param name="nonce">The nonce, 24 bytes.</param>
    /// <param name="data">What is authenticated besides.</param>
    /// <param name="closed">What was encrypted.</param>
    /// <param name="tag">Its tag, 16 bytes.</param>
    /// <param name="text">Receives the text, as long as <paramref name="closed"/>.</param>
    /// <returns>False if the tag does not hold.</returns>
    public abstract bool TryOpen(
        ReadOnlySpan<byte> key,
        ReadOnlySpan<byte> nonce,
        ReadOnlySpan<byte> data,
        ReadOnlySpan<byte> closed,
        ReadOnlySpan<byte> tag,
        Span<byte> text);

    /// <summary>The keyed hash of some data (BLAKE2b).</summary>
    /// <param name="key">The key, 32 bytes.</param>
    /// <param name="data">The data.</param>
    /// <param name="hash">Receives the hash, 16 to 64 bytes.</param>
    public abstract void Hash(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, Span<byte> hash);

    /// <summary>Fills bytes that nobody can foretell.</summary>
    public abstract void Fill(Span<byte> random);
}
