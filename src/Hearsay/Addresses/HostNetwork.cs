using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Hearsay.Transport;

namespace Hearsay.Addresses;

/// <summary>The host's network as the operating system tells it.</summary>
internal sealed class HostNetwork : IHostNetwork
{
    private HostNetwork()
    {
    }

    /// <summary>The one there is.</summary>
    public static HostNetwork System { get; } = new();

    /// <inheritdoc/>
    public IReadOnlyList<HostAddress> Addresses
    {
        get
        {
            try
            {
                // Tunnels say "unknown" where others say "up".
                return
                [
                    .. NetworkInterface.GetAllNetworkInterfaces()
                        .Where(card => card.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown)
                        .SelectMany(card => card.GetIPProperties().UnicastAddresses
                            .Select(unicast => new HostAddress(unicast.Address, card.Name))),
                ];
            }
            catch (NetworkInformationException)
            {
                return [];
            }
        }
    }

    /// <inheritdoc/>
    public IPAddress? Towards(IPEndPoint target)
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

    /// <inheritdoc/>
    public IDisposable Watch(Action changed)
    {
        NetworkAddressChangedEventHandler handler = (_, _) => changed();
        try
        {
            return NoFlow.Run(() =>
            {
                NetworkChange.NetworkAddressChanged += handler;
                return new Subscription(() => NetworkChange.NetworkAddressChanged -= handler);
            });
        }
        catch (Exception error) when (error is NetworkInformationException or PlatformNotSupportedException)
        {
            // A system that cannot tell.
            return new Subscription(static () => { });
        }
    }

    private sealed class Subscription(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
