using System.Text;

namespace Hearsay.Settings;

/// <summary>
/// Text as UTF-8, and no text that is not Unicode: a lone surrogate would become U+FFFD without a word, so that two
/// different names were one.
/// </summary>
internal static class StrictUtf8
{
    /// <summary>Throws <see cref="EncoderFallbackException"/>, an <see cref="ArgumentException"/>.</summary>
    public static Encoding Encoding { get; } = new UTF8Encoding(false, throwOnInvalidBytes: true);

    /// <summary>The bytes of a text.</summary>
    /// <exception cref="ArgumentException">The text holds half of a surrogate pair.</exception>
    public static byte[] GetBytes(string text, string parameter)
    {
        try
        {
            return Encoding.GetBytes(text);
        }
        catch (EncoderFallbackException error)
        {
            throw NotUnicode(parameter, error);
        }
    }

    /// <summary>Writes the bytes of a text.</summary>
    /// <returns>How many they are.</returns>
    /// <exception cref="ArgumentException">The text holds half of a surrogate pair.</exception>
    public static int GetBytes(string text, Span<byte> destination, string parameter)
    {
        try
        {
            return Encoding.GetBytes(text, destination);
        }
        catch (EncoderFallbackException error)
        {
            throw NotUnicode(parameter, error);
        }
    }

    /// <summary>The text of bytes; null if they are no text in UTF-8.</summary>
    public static string? TextOf(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Encoding.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>Whether a text can be written as UTF-8.</summary>
    public static bool CanEncode(string text)
    {
        try
        {
            return Encoding.GetByteCount(text) >= 0;
        }
        catch (EncoderFallbackException)
        {
            return false;
        }
    }

    private static ArgumentException NotUnicode(string parameter, EncoderFallbackException error) => new(
        $"The text is not valid Unicode: it has a lone surrogate at index {error.Index}.", parameter, error);
}
