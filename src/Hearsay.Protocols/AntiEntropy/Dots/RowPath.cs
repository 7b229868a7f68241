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
        return System.Text.Unicode.Utf8.IsValid(part) ? System.Text.Encoding.UTF8.GetString(part) : null;
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
    public bool Equals(RowPath other) => Bytes.SequenceEqual(other.Bytes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is RowPath other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = 14_695_981_039_346_656_037UL;
        foreach (var value in Bytes)
        {
            hash = (hash ^ value) * 1_099_511_628_211UL;
        }

        return (int)(hash ^ (hash >> 32));
    }

    /// <inheritdoc/>
    public override string ToString() => Convert.ToHexString(Bytes);

    private static byte[] WithPart(ReadOnlySpan<byte> above, ReadOnlySpan<byte> part)
    {
        var bytes = new byte[above.Length + part.Length + part.Count((byte)0) + 2];
        above.CopyTo(bytes);
        var at = above.Length;
        foreach (var value in part)
        {
            bytes[at++] = value;
            if (value == 0)
            {
                bytes[at++] = Escaped;
            }
        }

        bytes[at + 1] = End;
        return bytes;
    }

    /// <summary>Where the first part ends; below zero if it does not.</summary>
    private static int EndOfPart(ReadOnlySpan<byte> bytes)
    {
        for (var i = 0; i + 1 < bytes.Length; i++)
        {
            if (bytes[i] == 0)
            {
                if (bytes[i + 1] != Escaped)
                {
                    return bytes[i + 1] == End ? i + 2 : -1;
                }

                i++;
            }
        }

        return -1;
    }
}
