using System.Buffers.Binary;
using System.Globalization;

namespace Hearsay;

/// <summary>
/// Who a node is: 128 opaque bits that stay with it over restarts and changes of address. Random today, the hash of a
/// public key later; nothing may be read out of the bits.
/// </summary>
/// <param name="High">The first 64 bits.</param>
/// <param name="Low">The last 64 bits.</param>
/// <remarks>Written and parsed as 32 hexadecimal digits, the same on every machine. An immutable value, safe on any
/// thread.</remarks>
public readonly record struct NodeId(ulong High, ulong Low) : IComparable<NodeId>
{
    /// <summary>The length of an id on the wire, in bytes.</summary>
    public const int SizeBytes = 16;

    /// <summary>No node. It is never the id of one.</summary>
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

    /// <summary>Orders ids as numbers; the order means nothing but is the same everywhere.</summary>
    public int CompareTo(NodeId other) =>
        High != other.High ? High.CompareTo(other.High) : Low.CompareTo(other.Low);

    /// <summary>Orders ids as numbers.</summary>
    public static bool operator <(NodeId left, NodeId right) => left.CompareTo(right) < 0;

    /// <summary>Orders ids as numbers.</summary>
    public static bool operator >(NodeId left, NodeId right) => left.CompareTo(right) > 0;

    /// <summary>Orders ids as numbers.</summary>
    public static bool operator <=(NodeId left, NodeId right) => left.CompareTo(right) <= 0;

    /// <summary>Orders ids as numbers.</summary>
    public static bool operator >=(NodeId left, NodeId right) => left.CompareTo(right) >= 0;

    /// <summary>The 32 hexadecimal digits.</summary>
    public override string ToString() => $"{High:x16}{Low:x16}";
}
