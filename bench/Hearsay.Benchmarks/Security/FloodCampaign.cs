using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Hearsay.Protocols;
using Hearsay.Security;

namespace Hearsay.Benchmarks.Security;

/// <summary>
/// Live nodes of mode key, one of which is flooded with junk by another socket: random bytes, packets with the head of
/// mode open, and records that no key made.
/// </summary>
internal static class FloodCampaign
{
    private const int Nodes = 8;

    public static async Task<int> RunAsync(string[] args)
    {
        var seconds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 20;
        var rate = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 100_000;
        var security = ClusterSecurity.FromKeyringText(Keyring.Make().ToText());
        var nodes = new List<GossipNode>();
        for (var i = 0; i < Nodes; i++)
        {
            nodes.Add(await GossipNode.StartAsync(new GossipNodeOptions
            {
                Bind = "127.0.0.1:0", Security = security, Broadcast = null, Aggregation = null,
                Seeds = nodes.Count > 0 ? [nodes[0].LocalAddress.ToString()] : [],
                Sampling = PeerSamplingOptions.Recommended with { CycleTime = TimeSpan.FromMilliseconds(200) },
            }));
        }

        await Task.Delay(TimeSpan.FromSeconds(5));
        var victim = nodes[0];
        Show("before", nodes, victim);
        var (completed, started) = Exchanges(nodes);
        var heap = GC.GetTotalMemory(forceFullCollection: true);
        var clock = Stopwatch.StartNew();
        var sent = await Task.Run(() => Flood(victim, seconds, rate));
        var (completedAfter, startedAfter) = Exchanges(nodes);
        Console.WriteLine(
            $"{sent / clock.Elapsed.TotalSeconds:N0} datagrams/s sent for {clock.Elapsed.TotalSeconds:0} s; "
            + $"{(completedAfter - completed) / (double)(startedAfter - started):P1} of "
            + $"{startedAfter - started} exchanges completed; heap "
            + $"{(GC.GetTotalMemory(forceFullCollection: true) - heap) / 1024.0 / 1024:+0.00;-0.00} MiB");
        Show("after", nodes, victim);
        foreach (var node in nodes)
        {
            await node.DisposeAsync();
        }

        return 0;
    }

    private static (long Completed, long Started) Exchanges(List<GossipNode> nodes) => (
        nodes.Sum(node => node.Counters.ExchangesCompleted), nodes.Sum(node => node.Counters.ExchangesStarted));

    private static void Show(string when, List<GossipNode> nodes, GossipNode victim) => Console.WriteLine(
        $"{when}: views {string.Join(' ', nodes.Select(node => node.ViewCount))}, "
        + $"{nodes.Sum(node => node.Counters.Evictions)} evictions; at the victim {victim.Counters.PacketsReceived} "
        + $"packets, {victim.Counters.Dropped(DropReason.NotAuthentic)} not authentic, "
        + $"{victim.Counters.Dropped(DropReason.Malformed)} malformed, "
        + $"{victim.Counters.Dropped(DropReason.WrongSecurity)} of mode open");

    /// <summary>Sends in bursts of a millisecond, so that the rate is kept on a busy machine.</summary>
    private static long Flood(GossipNode victim, int seconds, int rate)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Connect(new IPEndPoint(IPAddress.Loopback, victim.LocalAddress.Port));
        var packets = Junk();
        var (clock, sent) = (Stopwatch.StartNew(), 0L);
        while (clock.Elapsed.TotalSeconds < seconds)
        {
            for (var due = (long)(clock.Elapsed.TotalSeconds * rate); sent < due; sent++)
            {
                socket.Send(packets[(int)(sent % packets.Length)]);
            }

            Thread.Sleep(1);
        }

        return sent;
    }

    private static byte[][] Junk()
    {
        var random = new Random(1);
        var packets = new byte[3 * 64][];
        for (var i = 0; i < packets.Length; i++)
        {
            packets[i] = new byte[92 + random.Next(1100)];
            random.NextBytes(packets[i]);
            if (i % 3 > 0)
            {
                // A valid head: in mode open, and as a record.
                (packets[i][0], packets[i][1], packets[i][2], packets[i][3]) = (0x48, 1, 0, (byte)(i % 3 == 1 ? 0 : 1));
            }
        }

        return packets;
    }
}
