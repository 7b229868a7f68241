using System.Text;
using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Settings;

namespace Hearsay.Features.Maps;

/// <summary>Names, keys and values as an application gives them, checked.</summary>
internal static class MapKeys
{
    /// <summary>A batch of one value of full length fits with its key.</summary>
    public const int MostBatchBytes = MapOptions.LargestBatchBytes + (2 * MapOptions.LongestKeyBytes) + 2;

    /// <summary>Checks the name of a map.</summary>
    /// <exception cref="ArgumentException">It is empty, too long or not valid Unicode.</exception>
    public static void CheckName(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var bytes = StrictUtf8.GetBytes(name, nameof(name)).Length;
        if (bytes > MapOptions.LongestNameBytes)
        {
            throw new ArgumentException(
                $"The name of a map has at most {MapOptions.LongestNameBytes} bytes of UTF-8, not {bytes}.",
                nameof(name));
        }
    }

    /// <summary>The path of a key.</summary>
    /// <exception cref="ArgumentException">The key is empty, too long or not valid Unicode.</exception>
    public static RowPath Path(string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        Span<byte> bytes = stackalloc byte[ShortBytes];
        return 3 * key.Length <= bytes.Length
            ? RowPath.Of(bytes[..StrictUtf8.GetBytes(key, bytes, nameof(key))])
            : RowPath.Of(Encoded(key, "key", nameof(key)));
    }

    /// <summary>The path of an element of a set.</summary>
    /// <exception cref="ArgumentException">Key or element is too long or not valid Unicode, or the key is empty.
    /// </exception>
    public static RowPath Path(string key, string element) =>
        Element(Path(key), element);

    /// <summary>Room for the bytes of a short key.</summary>
    private const int ShortBytes = 192;

    /// <summary>Beneath it are the fields of a key. It is not UTF-8, so no element of a set is called so.</summary>
    private static ReadOnlySpan<byte> Fields => [0xFF];

    /// <summary>The same as a part of a path.</summary>
    private static ReadOnlySpan<byte> FieldsPart => [0xFF, 0, 1];

    /// <summary>The path of a field.</summary>
    /// <exception cref="ArgumentException">Key or field is too long or not valid Unicode, or one of them is empty.
    /// </exception>
    public static RowPath Field(string key, string field) =>
        FieldOf(Path(key), field);

    /// <summary>The path of a field beneath a path.</summary>
    /// <exception cref="ArgumentException">The field is empty, too long or not valid Unicode.</exception>
    public static RowPath FieldOf(RowPath path, string field)
    {
        ArgumentException.ThrowIfNullOrEmpty(field);
        return FieldsOf(path).Child(Encoded(field, "field", nameof(field)));
    }

    /// <summary>The path of an element of a set in a field.</summary>
    /// <exception cref="ArgumentException">As for the field; the element may be empty.</exception>
    public static RowPath Field(string key, string field, string element) =>
        Element(Field(key, field), element);

    /// <summary>The path of an element of the set at a path.</summary>
    /// <exception cref="ArgumentException">The element is too long or not valid Unicode.</exception>
    public static RowPath Element(RowPath path, string element)
    {
        ArgumentNullException.ThrowIfNull(element);
        return path.Child(Encoded(element, "element", nameof(element)));
    }

    /// <summary>Whether a row is of a field of what is at a path.</summary>
    public static bool IsOfField(RowPath row, RowPath path) =>
        row.Bytes.Length > path.Bytes.Length && row.Bytes[path.Bytes.Length..].StartsWith(FieldsPart);

    /// <summary>Beneath it are the fields of a key or a field.</summary>
    public static RowPath FieldsOf(RowPath path) => path.Child(Fields);

    /// <summary>A value that is not too long.</summary>
    /// <exception cref="ArgumentException">It is.</exception>
    public static ReadOnlyMemory<byte> Checked(ReadOnlyMemory<byte> value) =>
        value.Length <= MapOptions.LargestValueBytes ? value : throw new ArgumentException(
            $"A value has at most {MapOptions.LargestValueBytes:N0} bytes, not {value.Length:N0}.", nameof(value));

    /// <summary>An amount that can be subtracted as well.</summary>
    /// <exception cref="ArgumentException">It cannot.</exception>
    public static long Checked(long amount) => amount != long.MinValue ? amount
        : throw new ArgumentOutOfRangeException(nameof(amount), amount, "The amount is too small.");

    private static byte[] Encoded(string text, string what, string parameter)
    {
        if (text.Length > MapOptions.LongestKeyBytes || Encoding.UTF8.GetByteCount(text) > MapOptions.LongestKeyBytes)
        {
            throw new ArgumentException(
                $"A {what} has at most {MapOptions.LongestKeyBytes:N0} bytes of UTF-8.", parameter);
        }

        return StrictUtf8.GetBytes(text, parameter);
    }
}
