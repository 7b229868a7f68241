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

    /// <summary>The length of a boot, in bytes: random, and never used again.</summary>
    public const int BootBytes = 16;

    /// <summary>The length of a tag, in bytes.</summary>
    public const int TagBytes = 16;

    /// <summary>
    /// Derives the key of one boot (HChaCha20). Numbers under it begin anew, so a nonce is as good as one of 24 bytes.
    /// </summary>
    /// <param name="key">The key that many share, 32 bytes.</param>
    /// <param name="boot">16 random bytes.</param>
    /// <param name="bootKey">Receives the key for this boot alone, 32 bytes.</param>
    public abstract void Derive(ReadOnlySpan<byte> key, ReadOnlySpan<byte> boot, Span<byte> bootKey);

    /// <summary>
    /// Encrypts a text where it is (AES-256-GCM) and authenticates it with other data. The nonce is four zeros and the
    /// number, as in the cipher AESGCM of Noise.
    /// </summary>
    /// <param name="key">A key of a boot or of a session, 32 bytes.</param>
    /// <param name="number">A number that is never used again with this key.</param>
    /// <param name="data">What is authenticated besides.</param>
    /// <param name="text">The text; replaced.</param>
    /// <param name="tag">Receives the tag, 16 bytes.</param>
    public abstract void Seal(
        ReadOnlySpan<byte> key, ulong number, ReadOnlySpan<byte> data, Span<byte> text, Span<byte> tag);

    /// <summary>Checks a tag and decrypts. Nothing of a text whose tag does not hold is left.</summary>
    /// <param name="key">The key, 32 bytes.</param>
    /// <param name="number">The number that the text was sealed with.</param>
    /// <param name="data">What is authenticated besides.</param>
    /// <param name="closed">What was encrypted.</param>
    /// <param name="tag">Its tag, 16 bytes.</param>
    /// <param name="text">Receives the text, as long as <paramref name="closed"/>. Not the same bytes.</param>
    /// <returns>False if the tag does not hold.</returns>
    public abstract bool TryOpen(
        ReadOnlySpan<byte> key,
        ulong number,
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
