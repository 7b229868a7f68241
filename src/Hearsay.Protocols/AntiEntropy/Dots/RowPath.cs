using System.Buffers;
using System.Buffers.Binary;
using System.Text.Unicode;

namespace Hearsay.Protocols.AntiEntropy.Dots;

/// <summary>
/// Where a row is: a key, and beneath it a field, an element of a set or the share of a counter, to any depth.
/// </summary>
/// <remarks>
/// The bytes of a path are its parts one after the other, each with 0 written as 0, 255 and ended by 0, 1. So paths
/// order as their parts do, and a path begins with the bytes of every path above it and of no other.
/// Immutable, and so safe on any thread.
/// </remarks>
internal readonly struct RowPath : IEquatable<RowPath>, IComparable<RowPath>
{
    /// <summary>What the bytes of every part end with.</summary>
    private const int EndBytes = 2;
    private const byte Escaped = 0xFF;
    private const byte End = 1;

    private readonly byte[]? _bytes;

    private RowPath(byte[] bytes) => _bytes = bytes;

    /// <summary>The parts as bytes; empty for no path.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>The path of its first part: all rows of one key.</summary>
    public RowPath Key
    {
        get
        {
            var bytes = Bytes;
            var end = EndOfPart(bytes);
            return end == bytes.Length ? this : new(bytes[..end].ToArray());
        }
    }

    /// <summary>The path of a key.</summary>
    public static RowPath Of(ReadOnlySpan<byte> key) => new(WithPart(default, key));

    /// <summary>The path of its bytes as they were sent; false if they are not those of a path.</summary>
    public static bool TryCreate(ReadOnlySpan<byte> bytes, out RowPath path)
    {
        path = new(bytes.ToArray());
        for (var rest = bytes; !rest.IsEmpty;)
        {
            var end = EndOfPart(rest);
            if (end < 0)
            {
                return false;
            }

            rest = rest[end..];
        }

        return !bytes.IsEmpty;
    }

    /// <summary>The path of a field, element or share beneath this one.</summary>
    public RowPath Child(ReadOnlySpan<byte> part) => new(WithPart(Bytes, part));

    /// <summary>The bytes that the paths of all keys with a prefix begin with, and no others.</summary>
    public static byte[] PrefixOf(ReadOnlySpan<byte> key) => WithPart(default, key)[..^2];

    /// <summary>The key as it was given.</summary>
    public byte[] KeyPart()
    {
        var part = Bytes[..(EndOfPart(Bytes) - 2)];
        return part.Contains((byte)0) ? Parts()[0] : part.ToArray();
    }

    /// <summary>The key as text; null if it is not valid UTF-8.</summary>
    public string? KeyText()
    {
        var part = Bytes[..(EndOfPart(Bytes) - 2)];
        part = part.Contains((byte)0) ? KeyPart() : part;
        return Utf8.IsValid(part) ? System.Text.Encoding.UTF8.GetString(part) : null;
    }

    /// <summary>Writes the key as text, if that needs no more than a look at each byte.</summary>
    /// <returns>False if the key has a zero in it, is not valid UTF-8, or is too long for the room.</returns>
    public bool TryWriteKeyText(Span<char> destination, out int length)
    {
        var end = EndOfPart(Bytes);
        length = 0;
        return end > 0 && Utf8.ToUtf16(
            Bytes[..(end - EndBytes)], destination, out _, out length, replaceInvalidSequences: false)
            == OperationStatus.Done && !destination[..length].Contains('\0');
    }

    /// <summary>The path of the part that follows a path above this one.</summary>
    public RowPath Part(RowPath above) =>
        new(Bytes[..(above.Bytes.Length + EndOfPart(Bytes[above.Bytes.Length..]))].ToArray());

    /// <summary>The last part as it was given.</summary>
    public byte[] LastPart() => Parts()[^1];

    /// <summary>Its parts as they were given, from the key on.</summary>
    public IReadOnlyList<byte[]> Parts()
    {
        var parts = new List<byte[]>();
        for (var rest = Bytes; !rest.IsEmpty;)
        {
            var end = EndOfPart(rest);
            var part = new List<byte>(end);
            for (var i = 0; i < end - 2; i++)
            {
                part.Add(rest[i]);
                i += rest[i] == 0 ? 1 : 0;
            }

            parts.Add([.. part]);
            rest = rest[end..];
        }

        return parts;
    }

    /// <summary>Whether this is a path or beneath it.</summary>
    public bool IsWithin(RowPath scope) => Bytes.StartsWith(scope.Bytes);

    /// <inheritdoc/>
    public int CompareTo(RowPath other) => Bytes.SequenceCompareTo(other.Bytes);

    /// <inheritdoc/>
    public bool Equals(RowPath other) =>
        ReferenceEquals(_bytes, other._bytes) || Bytes.SequenceEqual(other.Bytes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is RowPath other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => (int)HashOf(Bytes, 0);

    /// <summary>A hash of some bytes for tables in memory.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="seed">Whoever does not know it cannot choose bytes whose hashes are equal.</param>
    public static ulong HashOf(ReadOnlySpan<byte> bytes, ulong seed)
    {
        var hash = seed ^ ((ulong)bytes.Length * 0x9E37_79B9_7F4A_7C15);
        for (; bytes.Length > sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            hash = Folded(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(bytes), 0xD6E8_FEB8_6659_FD93);
        }

        return Folded(hash ^ Last(bytes), 0xA076_1D64_78BD_642F);
    }

    /// <inheritdoc/>
    public override string ToString() => Convert.ToHexString(Bytes);

    /// <summary>Up to eight bytes as a number, which differs where they and their count do.</summary>
    private static ulong Last(ReadOnlySpan<byte> bytes) => bytes.Length switch
    {
        >= sizeof(uint) => ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(bytes) << 32)
            | BinaryPrimitives.ReadUInt32LittleEndian(bytes[^sizeof(uint)..]),
        > 0 => ((ulong)bytes[0] << 16) | ((ulong)bytes[bytes.Length / 2] << 8) | bytes[^1],
        _ => 0,
    };

    private static ulong Folded(ulong a, ulong b) => Math.BigMul(a, b, out var low) ^ low;

    private static byte[] WithPart(ReadOnlySpan<byte> above, ReadOnlySpan<byte> part)
    {
        var zeros = part.Count((byte)0);
        var bytes = new byte[above.Length + part.Length + zeros + EndBytes];
        above.CopyTo(bytes);
        if (zeros == 0)
        {
            part.CopyTo(bytes.AsSpan(above.Length));
        }
        else
        {
            WriteEscaped(part, bytes.AsSpan(above.Length));
        }

        bytes[^1] = End;
        return bytes;
    }

    private static void WriteEscaped(ReadOnlySpan<byte> part, Span<byte> destination)
    {
        var at = 0;
        foreach (var value in part)
        {
            destination[at++] = value;
            if (value == 0)
            {
                destination[at++] = Escaped;
            }
        }
    }

    /// <summary>Where the first part ends; below zero if it does not.</summary>
    private static int EndOfPart(ReadOnlySpan<byte> bytes)
    {
        for (var from = 0; bytes[from..].IndexOf((byte)0) is >= 0 and var zero && from + zero + 1 < bytes.Length;)
        {
            from += zero + EndBytes;
            if (bytes[from - 1] != Escaped)
            {
                return bytes[from - 1] == End ? from : -1;
            }
        }

        return -1;
    }
}
