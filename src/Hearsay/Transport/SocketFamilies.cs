using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Hearsay.Transport;

/// <summary>
/// Which address families a bound socket speaks; asked once, because the socket asks the kernel each time.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SocketFamilies(bool IPv4, bool IPv6)
{
    /// <summary>The families of a socket bound to <paramref name="local"/>: <c>[::]</c> speaks both.</summary>
    public static SocketFamilies Of(IPEndPoint local) => new(
        local.AddressFamily == AddressFamily.InterNetwork || local.Address.Equals(IPAddress.IPv6Any),
        local.AddressFamily == AddressFamily.InterNetworkV6);

    /// <summary>Whether a packet can be sent to this address.</summary>
    public bool CanReach(in NodeAddress address) => address.IsUsable && (address.IsIPv4 ? IPv4 : IPv6);
}
