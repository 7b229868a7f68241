using System.Net.Sockets;

namespace Hearsay.Tests.Transport;

/// <summary>Plain sockets, for what no transport of ours would send.</summary>
internal static class RawSockets
{
    public static async Task SendDatagramAsync(NodeAddress to, byte[] bytes)
    {
        var endPoint = to.ToIPEndPoint();
        using var socket = new Socket(endPoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        await socket.SendToAsync(bytes, endPoint);
    }

    public static async Task SendStreamAsync(NodeAddress to, byte[] bytes)
    {
        using var socket = await ConnectAsync(to);
        await socket.SendAsync(bytes);
    }

    public static async Task<Socket> ConnectAsync(NodeAddress to)
    {
        var endPoint = to.ToIPEndPoint();
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(endPoint);
        return socket;
    }

    /// <summary>Waits until the other side closes.</summary>
    public static async Task ClosedAsync(Socket socket)
    {
        using var late = new CancellationTokenSource(Eventually.Deadline);
        var buffer = new byte[4096];
        try
        {
            while (await socket.ReceiveAsync(buffer, late.Token) > 0)
            {
            }
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.ConnectionReset)
        {
            // Closed with bytes unread: also closed.
        }
    }

    /// <summary>Skips the test where there is no IPv6.</summary>
    public static void RequireIPv6()
    {
        var works = Socket.OSSupportsIPv6;
        if (works)
        {
            try
            {
                using var socket = new Socket(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp);
                socket.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.IPv6Loopback, 0));
            }
            catch (SocketException)
            {
                works = false;
            }
        }

        Assert.SkipUnless(works, "This machine has no IPv6 loopback address.");
    }
}
