using System.Globalization;

namespace Hearsay.Benchmarks.Live;

/// <summary>
/// The same messages through Hearsay and, if it is installed, through serf, one after the other on this machine.
/// Args: nodes (64), messages (300), bytes (1000).
/// </summary>
internal static class LiveBroadcastCampaign
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static async Task<int> RunAsync(string[] args)
    {
        var (nodes, messages, bytes) = (Number(args, 1, 64), Number(args, 2, 300), Number(args, 3, 1000));
        await using (var serf = await SerfCluster.TryStartAsync(nodes))
        {
            if (serf is null)
            {
                Console.WriteLine("serf is not installed (Debian: apt install serf): no baseline");
            }
            else
            {
                var known = await serf.WaitForMembersAsync(TimeSpan.FromSeconds(120));
                Console.WriteLine($"serf: every agent knows all others: {known}");
                await MeasureAsync(serf, Math.Min(messages, 60), bytes);
            }
        }

        return 0;
    }

    /// <summary>Publishes one message after the other, each from another node.</summary>
    private static async Task MeasureAsync(IBroadcastCluster cluster, int messages, int bytes)
    {
        var meter = new BroadcastMeter(cluster, messages);
        for (var m = 0; m < messages; m++)
        {
            var node = m % cluster.Nodes;
            meter.Published(m, node);
            await cluster.PublishAsync(node, m, bytes);
            await meter.WhenCompleteAsync(m, Patience);
        }

        Console.WriteLine($"{cluster.Name}, {cluster.Nodes} nodes, {messages} messages of {bytes} B: {meter}");
    }

    private static int Number(string[] args, int index, int otherwise) =>
        args.Length > index ? int.Parse(args[index], CultureInfo.InvariantCulture) : otherwise;
}
