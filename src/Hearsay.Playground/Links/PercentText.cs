using System.Globalization;
using System.Text;

namespace Hearsay.Playground.Links;

/// <summary>
/// Text in an address: <c>%41</c> for a byte of UTF-8. It does what <c>Uri</c> does, whose assembly would weigh
/// six kilobytes of the page.
/// </summary>
internal static class PercentText
{
    /// <summary>The text with everything escaped that means something in an address.</summary>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var one in Encoding.UTF8.GetBytes(text))
        {
            if (char.IsAsciiLetterOrDigit((char)one) || "-_.~".Contains((char)one, StringComparison.Ordinal))
            {
                escaped.Append((char)one);
            }
            else
            {
                escaped.Append('%').Append(one.ToString("X2", CultureInfo.InvariantCulture));
            }
        }

        return escaped.ToString();
    }

    /// <summary>The text with what is escaped in it. What is no byte, or no UTF-8, stays as it is.</summary>
    public static string Unescape(string text)
    {
        var plain = new StringBuilder(text.Length);
        var bytes = new byte[text.Length / 3];
        for (var place = 0; place < text.Length;)
        {
            var count = 0;
            for (var at = place; IsByte(text, at); at += 3)
            {
                bytes[count++] = (byte)((Digit(text[at + 1]) << 4) | Digit(text[at + 2]));
            }

            if (count == 0)
            {
                plain.Append(text[place++]);
                continue;
            }

            Append(plain, bytes.AsSpan(0, count), text.AsSpan(place, 3 * count));
            place += 3 * count;
        }

        return plain.ToString();
    }

    private static void Append(StringBuilder plain, ReadOnlySpan<byte> bytes, ReadOnlySpan<char> escaped)
    {
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out var rune, out var length) == System.Buffers.OperationStatus.Done)
            {
                plain.Append(rune.ToString());
            }
            else
            {
                plain.Append(escaped[..(3 * length)]);
            }

            bytes = bytes[length..];
            escaped = escaped[(3 * length)..];
        }
    }

    private static bool IsByte(string text, int place) => place + 2 < text.Length && text[place] == '%'
        && char.IsAsciiHexDigit(text[place + 1]) && char.IsAsciiHexDigit(text[place + 2]);

    private static int Digit(char digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
