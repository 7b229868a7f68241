using System.Net;
using System.Net.Sockets;

namespace Hearsay.Agent.Http;

/// <summary>Binds the socket of the HTTP service.</summary>
internal static class HttpSocket
{
    /// <summary>The ports after the default one that further agents of a machine take.</summary>
    private const int NextPorts = 100;

    /// <summary>The socket of a plan.</summary>
    /// <exception cref="IOException">The address cannot be had; the message says why.</exception>
    public static Socket Bind(HttpPlan plan)
    {
        if (plan.IsNamed)
        {
            try
            {
                return Bind(plan.EndPoint);
            }
            catch (SocketException error)
            {
                throw new IOException(
                    $"--http {plan.EndPoint}: "
                    + (error.SocketErrorCode == SocketError.AddressAlreadyInUse ? "the port is taken." : error.Message),
                    error);
            }
        }

        for (var port = plan.EndPoint.Port; port < plan.EndPoint.Port + NextPorts; port++)
        {
            try
            {
                return Bind(new IPEndPoint(plan.EndPoint.Address, port));
            }
            catch (SocketException error) when (error.SocketErrorCode
                is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
            {
                // The next one may be free.
            }
        }

        return Bind(new IPEndPoint(plan.EndPoint.Address, 0));
    }

    private static Socket Bind(IPEndPoint endPoint)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (endPoint.Address.Equals(IPAddress.IPv6Any))
            {
                socket.DualMode = true;
            }

            socket.Bind(endPoint);

            // Two agents may bind a port on which neither listens yet: only this tells whose it is.
            socket.Listen();
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
