namespace Hearsay.Security;

/// <summary>
/// The byte order mark that some editors write at the start of a file. That of UTF-8 says nothing and is no part of the
/// text; that of UTF-16 says that the text cannot be read as UTF-8.
/// </summary>
internal static class Utf8Mark
{
    private static ReadOnlySpan<byte> Utf8 => [0xEF, 0xBB, 0xBF];

    /// <summary>What comes after the mark, if there is one.</summary>
    /// <param name="bytes">The start of a text.</param>
    /// <exception cref="FormatException">The text is in UTF-16.</exception>
    public static ReadOnlyMemory<byte> Skip(ReadOnlyMemory<byte> bytes)
    {
        var span = bytes.Span;
        return span is [0xFE, 0xFF, ..] or [0xFF, 0xFE, ..]
            ? throw new FormatException("the text is in UTF-16; save it in UTF-8.")
            : span.StartsWith(Utf8) ? bytes[Utf8.Length..] : bytes;
    }
}
