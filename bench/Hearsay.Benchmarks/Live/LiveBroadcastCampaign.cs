using System.Diagnostics;
using System.Globalization;

namespace Hearsay.Benchmarks.Live;

/// <summary>
/// The same messages through Hearsay, through DotNext's HyParView and, if it is installed, through serf, one after the
/// other on this machine; then a steady stream through Hearsay with its cost beside that of bare sockets. Args: nodes
/// (64), messages (300), bytes (1000).
/// </summary>
internal static class LiveBroadcastCampaign
{
    /// <summary>Others get fewer messages: one that never reaches all is waited for in vain.</summary>
    private const int OthersMessages = 60;
    private const int StreamNodes = 50;
    private const int StreamRate = 500;
    private const int StreamSeconds = 10;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>With DotNext: nothing is repaired there, so what has not come by then will not come.</summary>
    private static readonly TimeSpan ShortPatience = TimeSpan.FromSeconds(2);

    public static async Task<int> RunAsync(string[] args)
    {
        var (nodes, messages, bytes) = (Number(args, 1, 64), Number(args, 2, 300), Number(args, 3, 1000));
        await using (var hearsay = await HearsayCluster.StartAsync(nodes))
        {
            await MeasureAsync(hearsay, 2 * nodes, bytes, "cold, every node publishes twice");
            var before = hearsay.PayloadsSent;
            await MeasureAsync(hearsay, messages, bytes, "warm");
            var perNode = (double)(hearsay.PayloadsSent - before) / messages / (nodes - 1);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"  redundancy once warm {perNode - 1:F4} (payloads per receiver - 1)"));
        }

        await RunDotNextAsync(nodes, Math.Min(messages, OthersMessages), bytes);
        await RunSerfAsync(nodes, Math.Min(messages, OthersMessages), bytes);
        await using (var stream = await HearsayCluster.StartAsync(StreamNodes))
        {
            await StreamAsync(stream, bytes);
        }

        return 0;
    }

    private static async Task RunDotNextAsync(int nodes, int messages, int bytes)
    {
        await using var mesh = await DotNextCluster.StartAsync(nodes);
        var state = $"{mesh.CountReachable()} nodes reachable from the first, ";
        await MeasureAsync(mesh, messages, bytes, state + "cold", ShortPatience);
        mesh.Forget();
        var before = mesh.Copies;
        await MeasureAsync(mesh, messages, bytes, state + "warm", ShortPatience);
        var perNode = (double)(mesh.Copies - before) / messages / (mesh.Nodes - 1);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"  redundancy once warm {perNode - 1:F4} (payloads per receiver - 1)"));
    }

    private static async Task RunSerfAsync(int nodes, int messages, int bytes)
    {
        await using var serf = await SerfCluster.TryStartAsync(nodes);
        if (serf is null)
        {
            Console.WriteLine("serf is not installed (Debian: apt install serf): no baseline");
            return;
        }

        var known = await serf.WaitForMembersAsync(TimeSpan.FromSeconds(120));
        await MeasureAsync(serf, messages, bytes, known ? "all know all" : "not all know all after 120 s");
    }

    /// <summary>Publishes one message after the other, each from another node.</summary>
    private static async Task MeasureAsync(
        IBroadcastCluster cluster, int messages, int bytes, string state, TimeSpan? patience = null)
    {
        var meter = new BroadcastMeter(cluster, messages);
        for (var m = 0; m < messages; m++)
        {
            var node = m % cluster.Nodes;
            meter.Published(m, node);
            await cluster.PublishAsync(node, m, bytes);
            await meter.WhenCompleteAsync(m, patience ?? Patience);
        }

        Console.WriteLine($"{cluster.Name}, {cluster.Nodes} nodes, {messages} messages of {bytes} B, {state}: {meter}");
    }

    /// <summary>Publishes at a steady rate from all nodes in turn, and counts what it costs.</summary>
    private static async Task StreamAsync(HearsayCluster cluster, int bytes)
    {
        var messages = StreamRate * StreamSeconds;
        await MeasureAsync(cluster, 2 * cluster.Nodes, bytes, "before the stream");
        var meter = new BroadcastMeter(cluster, messages);
        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        var clock = Stopwatch.StartNew();
        for (var m = 0; m < messages; m++)
        {
            var ahead = TimeSpan.FromSeconds((double)m / StreamRate) - clock.Elapsed;
            if (ahead > TimeSpan.FromMilliseconds(5))
            {
                await Task.Delay(ahead);
            }

            meter.Published(m, m % cluster.Nodes);
            await cluster.PublishAsync(m % cluster.Nodes, m, bytes);
        }

        var published = clock.Elapsed;
        await meter.WhenCompleteAsync(messages - 1, Patience);
        await Task.Delay(TimeSpan.FromSeconds(5));
        var used = Process.GetCurrentProcess().TotalProcessorTime - cpu;
        var deliveries = (double)messages * (cluster.Nodes - 1);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"stream of {StreamRate} messages/s of {bytes} B through {cluster.Nodes} nodes for "
            + $"{published.TotalSeconds:F1} s: {meter}; {used.TotalMicroseconds / deliveries:F1} us of CPU per "
            + $"delivery, bare UDP send and receive {UdpFloor.Measure(bytes):F1} us"));
    }

    private static int Number(string[] args, int index, int otherwise) =>
        args.Length > index ? int.Parse(args[index], CultureInfo.InvariantCulture) : otherwise;
}
