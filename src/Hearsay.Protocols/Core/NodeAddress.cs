using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Hearsay;

/// <summary>
/// An address at which a node is reached: one IPv4 or IPv6 address with a port. UDP and TCP use the same port.
/// </summary>
/// <remarks>
/// An IPv4-mapped IPv6 address is stored as the IPv4 address, so equal endpoints are equal values. Zone indices of
/// link-local addresses are not kept. An immutable value, safe on any thread.
/// </remarks>
[StructLayout(LayoutKind.Auto)]
public readonly record struct NodeAddress
{
    private const ulong MappedPrefix = 0x0000_FFFF_0000_0000;

    private readonly ulong _high;
    private readonly ulong _low;

    private NodeAddress(ulong high, ulong low, ushort port) => (_high, _low, Port) = (high, low, port);

    /// <summary>No address.</summary>
    public static NodeAddress None => default;

    /// <summary>The UDP and TCP port.</summary>
    public ushort Port { get; }

    /// <summary>Whether this is an IPv4 address.</summary>
    public bool IsIPv4 => _high == 0 && (_low & 0xFFFF_FFFF_0000_0000) == MappedPrefix;

    /// <summary>Whether this is <see cref="None"/>.</summary>
    public bool IsNone => (_high | _low | Port) == 0;

    /// <summary>
    /// Whether packets can be sent to this address: it has a port, and its host part denotes a single host.
    /// </summary>
    public bool IsUsable => Port != 0 && (IsIPv4 ? IsUsableIPv4((uint)_low) : IsUsableIPv6);

    private bool IsUsableIPv6 => (_high | _low) != 0 && _high >> 56 != 0xFF;

    /// <summary>The IPv4 address as a number in network order; meaningful if <see cref="IsIPv4"/>.</summary>
    internal uint IPv4Bits => (uint)_low;

    internal ulong HighBits => _high;

    internal ulong LowBits => _low;

    /// <summary>
    /// Creates an IPv4 address from its 32 bits in network order (127.0.0.1 is 0x7F000001) and a port.
    /// </summary>
    public static NodeAddress FromIPv4(uint bits, ushort port) => new(0, MappedPrefix | bits, port);

    /// <summary>
    /// Creates an address from the two halves of an IPv6 address, which may be IPv4-mapped, and a port.
    /// </summary>
    public static NodeAddress FromIPv6(ulong high, ulong low, ushort port) => new(high, low, port);

    /// <summary>Creates an address from an endpoint of either family.</summary>
    /// <exception cref="ArgumentException">The endpoint is of neither family.</exception>
    public static NodeAddress From(IPEndPoint endPoint)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        Span<byte> bytes = stackalloc byte[16];
        endPoint.Address.TryWriteBytes(bytes, out var length);
        return endPoint.AddressFamily switch
        {
            AddressFamily.InterNetwork when length == 4 =>
                FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(bytes), (ushort)endPoint.Port),
            AddressFamily.InterNetworkV6 => FromIPv6(
                BinaryPrimitives.ReadUInt64BigEndian(bytes),
                BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]),
                (ushort)endPoint.Port),
            _ => throw new ArgumentException("Only IPv4 and IPv6 endpoints are supported.", nameof(endPoint)),
        };
    }

    /// <summary>Parses text such as <c>10.0.0.5:7946</c> or <c>[fd00::5]:7946</c>. It does not resolve names.</summary>
    /// <param name="text">The text.</param>
    /// <param name="address">The address.</param>
    /// <returns>False, and <see cref="None"/>, if the text is not an address with a port.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out NodeAddress address)
    {
        address = default;
        if (!IPEndPoint.TryParse(text, out var endPoint) || endPoint.Port == 0)
        {
            return false;
        }

        address = From(endPoint);
        return true;
    }

    // Written out: what the compiler writes asks a comparer for each part, which costs where nothing is inlined.

    /// <inheritdoc/>
    public bool Equals(NodeAddress other) => _low == other._low && Port == other.Port && _high == other._high;

    /// <inheritdoc/>
    public override int GetHashCode() => ((_high * 0x9E37_79B9_7F4A_7C15) ^ _low ^ ((ulong)Port << 47)).GetHashCode();

    /// <summary>Returns the address as an endpoint. Each call allocates an object.</summary>
    public IPEndPoint ToIPEndPoint()
    {
        Span<byte> bytes = stackalloc byte[16];
        if (IsIPv4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)_low);
            return new IPEndPoint(new IPAddress(bytes[..4]), Port);
        }

        BinaryPrimitives.WriteUInt64BigEndian(bytes, _high);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], _low);
        return new IPEndPoint(new IPAddress(bytes), Port);
    }

    /// <summary>Returns the address of the same host with another port.</summary>
    public NodeAddress WithPort(ushort port) => new(_high, _low, port);

    /// <summary>Returns the address as <c>HOST:PORT</c>, with an IPv6 host in brackets.</summary>
    public override string ToString() => IsNone ? "none" : ToIPEndPoint().ToString();

    // 0.0.0.0/8 is "this host", 224.0.0.0/4 and above are multicast, reserved and broadcast.
    internal static bool IsUsableIPv4(uint bits) => bits >> 24 != 0 && bits < 0xE000_0000;
}
