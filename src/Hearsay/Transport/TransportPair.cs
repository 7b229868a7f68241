using System.Net;
using Hearsay.Protocols;

namespace Hearsay.Transport;

/// <summary>Binds a transport of each kind to one port, since a node's address has one port for both.</summary>
internal static class TransportPair
{
    /// <summary>
    /// How often a free port is asked for: each try fails only if another program holds the TCP port of the UDP port
    /// that the kernel chose, which is rare, so that 16 failures mean something else is wrong.
    /// </summary>
    public const int MaximumTries = 16;

    /// <summary>Both transports on one address of a network in memory.</summary>
    /// <param name="network">The network.</param>
    /// <param name="local">The address; port 0 takes one that is free for both.</param>
    /// <exception cref="IOException">The address is taken; the message names it.</exception>
    public static (MemoryTransport Datagrams, MemoryTransport Streams) Bind(
        MemoryNetwork network, in NodeAddress local)
    {
        var datagrams = new MemoryTransport(network, LinkKind.Datagram, local);
        try
        {
            return (datagrams, new MemoryTransport(network, LinkKind.Stream, datagrams.LocalAddress));
        }
        catch (IOException)
        {
            network.Detach(datagrams);
            throw;
        }
    }

    /// <summary>Both transports on one port.</summary>
    /// <param name="local">Where to listen; port 0 takes one that is free for both.</param>
    /// <param name="time">The clock of the stream time-outs; null is the system's.</param>
    /// <param name="options">The bounds of the streams; null is the default.</param>
    /// <exception cref="IOException">The port is taken or the address not this machine's.</exception>
    public static (UdpTransport Datagrams, TcpTransport Streams) Bind(
        IPEndPoint local, TimeProvider? time = null, TcpTransportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(local);
        for (var attempt = 1; ; attempt++)
        {
            var datagrams = new UdpTransport(local);
            try
            {
                var bound = new IPEndPoint(local.Address, datagrams.LocalAddress.Port);
                return (datagrams, new TcpTransport(bound, time, options));
            }
            catch (IOException failure)
            {
                datagrams.Close();
                if (local.Port != 0 || attempt == MaximumTries || !SocketBinding.IsPortTaken(failure))
                {
                    throw;
                }
            }
        }
    }
}
