using System.Security.Cryptography;

namespace Hearsay.Security;

/// <summary>
/// AES-256-GCM of the base library, for processors without instructions for AES, where libsodium has none. The same
/// bytes for some microseconds more. It allocates an object for each text, and what it throws at a bad tag.
/// </summary>
internal static class SlowAes
{
    /// <summary>Encrypts a text where it is.</summary>
    public static void Seal(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> data, Span<byte> text, Span<byte> tag)
    {
        using var aes = new AesGcm(key, tag.Length);
        aes.Encrypt(nonce, text, text, tag, data);
    }

    /// <summary>Checks a tag and decrypts.</summary>
    /// <returns>False if the tag does not hold; then nothing of the text is left.</returns>
    public static bool TryOpen(
        ReadOnlySpan<byte> key,
        ReadOnlySpan<byte> nonce,
        ReadOnlySpan<byte> data,
        ReadOnlySpan<byte> closed,
        ReadOnlySpan<byte> tag,
        Span<byte> text)
    {
        using var aes = new AesGcm(key, tag.Length);
        try
        {
            aes.Decrypt(nonce, closed, tag, text, data);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }
}
