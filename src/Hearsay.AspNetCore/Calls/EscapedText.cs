using System.Globalization;
using System.Text;
using Hearsay.Settings;

namespace Hearsay.AspNetCore.Calls;

/// <summary>Reads what a caller has escaped in an address (<c>%C3%A4</c>).</summary>
internal static class EscapedText
{
    /// <summary>The letters of an escape: the sign and two digits.</summary>
    private const int EscapeLetters = 3;

    /// <summary>The text; null if its bytes are not UTF-8. A sign without two digits stands for itself.</summary>
    /// <param name="escaped">As it came.</param>
    /// <param name="keepsSlashes">Whether an escaped slash stays as it is.</param>
    public static string? Decode(string escaped, bool keepsSlashes = false)
    {
        var bytes = new byte[Encoding.UTF8.GetMaxByteCount(escaped.Length)];
        var length = 0;
        var rest = escaped.AsSpan();
        while (!rest.IsEmpty)
        {
            if (TryByte(rest, out var one) && !(keepsSlashes && one == (byte)'/'))
            {
                bytes[length++] = one;
                rest = rest[EscapeLetters..];
                continue;
            }

            // Up to the next sign, and at least the one that stands for itself.
            var next = rest[1..].IndexOf('%') + 1;
            var plain = next == 0 ? rest : rest[..next];
            length += Encoding.UTF8.GetBytes(plain, bytes.AsSpan(length));
            rest = rest[plain.Length..];
        }

        return StrictUtf8.TextOf(bytes.AsSpan(0, length));
    }

    private static bool TryByte(ReadOnlySpan<char> text, out byte value)
    {
        value = 0;
        return text.Length >= EscapeLetters && text[0] == '%' && byte.TryParse(
            text[1..EscapeLetters], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }
}
