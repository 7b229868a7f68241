using System.Diagnostics;
using System.Globalization;

namespace Hearsay.Benchmarks.Live;

/// <summary>
/// Large messages through nodes of this process over TCP on loopback, one after the other, each from another node: how
/// long until all have it, how often its bytes crossed a link, and what memory it took. Args: nodes (20).
/// </summary>
internal static class LiveLargeCampaign
{
    private const int MiB = 1 << 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task<int> RunAsync(string[] args)
    {
        var nodes = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 20;
        await using var cluster = await HearsayCluster.StartAsync(nodes);
        await MeasureAsync(cluster, 2 * nodes, 1000);
        await MeasureAsync(cluster, 20, 64 << 10);
        await MeasureAsync(cluster, 20, MiB);
        await MeasureAsync(cluster, 10, 16 * MiB);
        return 0;
    }

    private static async Task MeasureAsync(HearsayCluster cluster, int messages, int bytes)
    {
        var meter = new BroadcastMeter(cluster, messages);
        var (chunks, cpu, most) = (cluster.ChunkBytesSent, Environment.CpuUsage.TotalTime, 0L);
        for (var m = 0; m < messages; m++)
        {
            var node = m % cluster.Nodes;
            meter.Published(m, node);
            await cluster.PublishAsync(node, m, bytes);
            await meter.WhenCompleteAsync(m, Patience);
            using var process = Process.GetCurrentProcess();
            most = Math.Max(most, process.WorkingSet64);
        }

        var deliveries = (double)messages * (cluster.Nodes - 1);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{cluster.Nodes} nodes, {messages} messages of {bytes:N0} B: {meter}; bytes of chunks per receiver and "
            + $"byte of payload {(cluster.ChunkBytesSent - chunks) / deliveries / bytes:F3}; "
            + $"{(Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds / deliveries:F2} ms of CPU per delivery; "
            + $"working set at most {(double)most / MiB / cluster.Nodes:F1} MiB a node"));
    }
}
