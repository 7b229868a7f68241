using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Hearsay.Transport;

/// <summary>
/// Reads and writes the operating system's socket addresses in place, so that a packet costs no endpoint object.
/// </summary>
/// <remarks>
/// Linux, macOS and Windows agree on the layout after the family, which <see cref="SocketAddress"/> itself writes: port
/// in network order at 2; IPv4 address at 4; IPv6 flow information at 4, address at 8, zone index at 24.
/// </remarks>
internal static class SocketAddressCodec
{
    private const int PortOffset = 2;
    private const int IPv4Offset = 4;
    private const int FlowOffset = 4;
    private const int IPv6Offset = 8;
    private const int ZoneOffset = 24;

    /// <summary>An empty socket address for a socket that speaks IPv6, or does not.</summary>
    public static SocketAddress Create(bool ipv6) =>
        new(ipv6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork);

    /// <summary>Writes an address; into an IPv6 socket address an IPv4 address goes in IPv4-mapped form.</summary>
    /// <param name="address">Of IPv4 if <paramref name="target"/> is of IPv4.</param>
    /// <param name="target">Of the family of the socket.</param>
    public static void Write(in NodeAddress address, SocketAddress target)
    {
        var bytes = target.Buffer.Span;
        BinaryPrimitives.WriteUInt16BigEndian(bytes[PortOffset..], address.Port);
        if (target.Family == AddressFamily.InterNetwork)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes[IPv4Offset..], address.IPv4Bits);
            return;
        }

        BinaryPrimitives.WriteUInt32BigEndian(bytes[FlowOffset..], 0);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[IPv6Offset..], address.HighBits);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[(IPv6Offset + 8)..], address.LowBits);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[ZoneOffset..], 0);
    }

    /// <summary>Reads an address as the operating system wrote it; an IPv4-mapped one is the IPv4 address.</summary>
    public static NodeAddress Read(SocketAddress source)
    {
        ReadOnlySpan<byte> bytes = source.Buffer.Span;
        var port = BinaryPrimitives.ReadUInt16BigEndian(bytes[PortOffset..]);
        return source.Family == AddressFamily.InterNetwork
            ? NodeAddress.FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(bytes[IPv4Offset..]), port)
            : NodeAddress.FromIPv6(
                BinaryPrimitives.ReadUInt64BigEndian(bytes[IPv6Offset..]),
                BinaryPrimitives.ReadUInt64BigEndian(bytes[(IPv6Offset + 8)..]),
                port);
    }
}
