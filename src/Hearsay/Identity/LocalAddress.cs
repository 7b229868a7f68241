using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Hearsay.Identity;

/// <summary>Finds the address under which others reach this host, for a node that listens on all of them.</summary>
internal static class LocalAddress
{
    /// <summary>The local address from which packets to a target leave; nothing is sent to find out.</summary>
    public static IPAddress? Towards(IPEndPoint target)
    {
        try
        {
            using var socket = new Socket(target.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            socket.Connect(target);
            return (socket.LocalEndPoint as IPEndPoint)?.Address;
        }
        catch (SocketException)
        {
            return null;
        }
    }

    /// <summary>The first address of an interface that is up; the loopback address if there is none.</summary>
    public static IPAddress OfAnyInterface(AddressFamily family)
    {
        try
        {
            return NetworkInterface.GetAllNetworkInterfaces()
                .Where(card => card.OperationalStatus == OperationalStatus.Up
                    && card.NetworkInterfaceType != NetworkInterfaceType.Loopback)
                .SelectMany(card => card.GetIPProperties().UnicastAddresses)
                .Select(address => address.Address)
                .FirstOrDefault(address => address.AddressFamily == family && !address.IsIPv6LinkLocal)
                ?? Loopback(family);
        }
        catch (NetworkInformationException)
        {
            return Loopback(family);
        }
    }

    private static IPAddress Loopback(AddressFamily family) =>
        family == AddressFamily.InterNetwork ? IPAddress.Loopback : IPAddress.IPv6Loopback;
}
