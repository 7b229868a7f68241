using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Hearsay.Protocols.Wire;

namespace Hearsay.Agent.Doctor;

/// <summary>Whether the largest datagram fits the way to the seeds, as far as this host knows the way.</summary>
internal static class MtuCheck
{
    /// <summary>The numbers of Linux: what a connected socket believes of its path.</summary>
    private const int LevelIPv4 = 0;

    private const int MtuIPv4 = 14;
    private const int LevelIPv6 = 41;
    private const int MtuIPv6 = 24;

    /// <summary>Of IP and UDP.</summary>
    private const int HeadersIPv4 = 28;

    private const int HeadersIPv6 = 48;

    /// <summary>One finding for all ways that are wide enough, and one for each that is not.</summary>
    public static IEnumerable<Finding> Of(IReadOnlyList<SeedAddress> seeds)
    {
        var ways = seeds.Select(static seed => (Seed: seed, Bytes: Of(seed.EndPoint)))
            .Where(static way => way.Bytes is not null).ToList();
        var narrow = ways.Select(static way => Judge(way.Seed, way.Bytes!.Value)).OfType<Finding>().ToList();
        return narrow.Count > 0 || ways.Count == 0 ? narrow
            : [Finding.Ok("mtu", $"{ways.Min(static way => way.Bytes)} bytes towards the seeds, as far as is known.")];
    }

    /// <summary>What a way is worth that takes packets of so many bytes; null if it is wide enough.</summary>
    internal static Finding? Judge(SeedAddress seed, int bytes)
    {
        var needed = NodeEnvelope.LongestDatagramBytes
            + (seed.EndPoint.AddressFamily == AddressFamily.InterNetworkV6 ? HeadersIPv6 : HeadersIPv4);
        return bytes >= needed ? null : Finding.Problem(
            "mtu", $"The way to {seed} takes packets of {bytes} bytes, and the largest one has {needed}: it is sent in "
                + "pieces, which firewalls and tunnels like to drop.",
            $"Raise the MTU of the tunnel to {needed} or more ('ip link' shows it).");
    }

    private static int? Of(IPEndPoint target)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        try
        {
            using var socket = new Socket(target.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            socket.Connect(target);
            Span<byte> bytes = stackalloc byte[sizeof(int)];
            var isIPv6 = target.AddressFamily == AddressFamily.InterNetworkV6;
            socket.GetRawSocketOption(isIPv6 ? LevelIPv6 : LevelIPv4, isIPv6 ? MtuIPv6 : MtuIPv4, bytes);
            return BinaryPrimitives.ReadInt32LittleEndian(bytes);
        }
        catch (SocketException)
        {
            // No way there: the visit tells it.
            return null;
        }
    }
}
