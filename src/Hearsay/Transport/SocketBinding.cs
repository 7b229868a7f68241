using System.Net;
using System.Net.Sockets;

namespace Hearsay.Transport;

/// <summary>Opens the sockets of the transports, with an error a person can act on.</summary>
internal static class SocketBinding
{
    /// <summary>
    /// A socket bound to <paramref name="local"/>: of its family, and for <c>[::]</c> of both.
    /// </summary>
    /// <param name="local">Where to bind; port 0 takes a free one.</param>
    /// <param name="type">Datagram for UDP, stream for TCP.</param>
    /// <exception cref="IOException">It cannot be bound; the message names protocol, address and port.</exception>
    public static Socket Bind(IPEndPoint local, SocketType type)
    {
        ArgumentNullException.ThrowIfNull(local);
        Socket? socket = null;
        try
        {
            socket = new Socket(
                local.AddressFamily, type, type == SocketType.Dgram ? ProtocolType.Udp : ProtocolType.Tcp);
            if (local.AddressFamily == AddressFamily.InterNetworkV6)
            {
                socket.DualMode = SocketFamilies.Of(local).IPv4;
            }

            if (OperatingSystem.IsWindows())
            {
                // Elsewhere a taken port is an error anyway; on Windows another program could share and steal it.
                socket.ExclusiveAddressUse = true;
            }

            socket.Bind(local);
            return socket;
        }
        catch (SocketException error)
        {
            socket?.Dispose();
            throw Failure(local, type, error);
        }
    }

    /// <summary>What is thrown when a socket cannot be bound or cannot listen.</summary>
    public static IOException Failure(IPEndPoint local, SocketType type, SocketException error)
    {
        var protocol = type == SocketType.Dgram ? "UDP" : "TCP";
        var reason = error.SocketErrorCode switch
        {
            SocketError.AddressAlreadyInUse => "the port is taken",
            SocketError.AddressNotAvailable => "this machine does not have that address",
            SocketError.AccessDenied => "this process may not use the port",
            SocketError.TooManyOpenSockets => "this process has no file descriptor left (see ulimit -n)",
            SocketError.AddressFamilyNotSupported => "this machine does not support that address family",
            _ => error.Message,
        };
        return new IOException($"Cannot listen on {protocol} {local}: {reason}.", error);
    }

    /// <summary>Whether a failure to bind means that somebody else has the port.</summary>
    public static bool IsPortTaken(IOException failure) =>
        failure.InnerException is SocketException
        {
            // Windows answers "access denied" for ports that are excluded or held exclusively.
            SocketErrorCode: SocketError.AddressAlreadyInUse or SocketError.AccessDenied
        };
}
