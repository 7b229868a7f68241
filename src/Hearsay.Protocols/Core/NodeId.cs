using System.Buffers.Binary;
using System.Globalization;

namespace Hearsay;

/// <summary>
/// The identity of a node: 128 opaque bits, which it keeps when it restarts or changes its address. In mode identity
/// the id is the hash of the node's public key; in the other modes it is random. Do not interpret the bits.
/// </summary>
/// <param name="High">The first 64 bits.</param>
/// <param name="Low">The last 64 bits.</param>
/// <remarks>
/// The text form is 32 hexadecimal digits, the same on every machine. An immutable value, safe on any thread.
/// </remarks>
public readonly record struct NodeId(ulong High, ulong Low) : IComparable<NodeId>
{
    /// <summary>The length of an id on the wire, in bytes.</summary>
    public const int SizeBytes = 16;

    /// <summary>The id that no node has.</summary>
    public static NodeId None => default;

    /// <summary>Whether this is <see cref="None"/>.</summary>
    public bool IsNone => (High | Low) == 0;

    /// <summary>Reads an id from the first 16 bytes of <paramref name="source"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than 16 bytes.</exception>
    public static NodeId Read(ReadOnlySpan<byte> source) => new(
        BinaryPrimitives.ReadUInt64BigEndian(source), BinaryPrimitives.ReadUInt64BigEndian(source[8..]));

    /// <summary>Writes the id into the first 16 bytes of <paramref name="destination"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than 16 bytes.</exception>
    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, High);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], Low);
    }

    /// <summary>Parses 32 hexadecimal digits.</summary>
    /// <param name="text">The text.</param>
    /// <param name="id">The id.</param>
    /// <returns>False, and <see cref="None"/>, if <paramref name="text"/> is anything else.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out NodeId id)
    {
        id = default;
        if (text.Length != 32
            || !ulong.TryParse(text[..16], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var high)
            || !ulong.TryParse(text[16..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var low))
        {
            return false;
        }

        id = new NodeId(high, low);
        return true;
    }

    // Written out: what the compiler writes asks a comparer for each half, which costs where nothing is inlined.

    /// <inheritdoc/>
    public bool Equals(NodeId other) => High == other.High && Low == other.Low;

    /// <inheritdoc/>
    public override int GetHashCode() => ((High * 0x9E37_79B9_7F4A_7C15) ^ Low).GetHashCode();

    /// <summary>Compares two ids as numbers. The order has no meaning, but it is the same on every machine.</summary>
    public int CompareTo(NodeId other) =>
        High != other.High ? High.CompareTo(other.High) : Low.CompareTo(other.Low);

    /// <summary>Compares two ids as numbers.</summary>
    public static bool operator <(NodeId left, NodeId right) => left.CompareTo(right) < 0;

    /// <summary>Compares two ids as numbers.</summary>
    public static bool operator >(NodeId left, NodeId right) => left.CompareTo(right) > 0;

    /// <summary>Compares two ids as numbers.</summary>
    public static bool operator <=(NodeId left, NodeId right) => left.CompareTo(right) <= 0;

    /// <summary>Compares two ids as numbers.</summary>
    public static bool operator >=(NodeId left, NodeId right) => left.CompareTo(right) >= 0;

    /// <summary>Returns the id as 32 hexadecimal digits.</summary>
    public override string ToString() => $"{High:x16}{Low:x16}";
}
