using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Hearsay.Benchmarks.Live;

/// <summary>What one datagram costs between two bare sockets of this process.</summary>
internal static class UdpFloor
{
    private const int Packets = 50_000;

    /// <summary>Microseconds of CPU for a send and a receive.</summary>
    public static double Measure(int bytes)
    {
        using var from = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        using var to = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        to.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var target = to.LocalEndPoint!.Serialize();
        var buffer = new byte[Math.Max(bytes, 1)];
        var source = new SocketAddress(AddressFamily.InterNetwork);
        var before = Process.GetCurrentProcess().TotalProcessorTime;
        for (var i = 0; i < Packets; i++)
        {
            from.SendTo(buffer, SocketFlags.None, target);
            to.ReceiveFrom(buffer, SocketFlags.None, source);
        }

        return (Process.GetCurrentProcess().TotalProcessorTime - before).TotalMicroseconds / Packets;
    }
}
