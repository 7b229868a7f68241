using System.Globalization;

namespace Hearsay.Benchmarks.Maps;

/// <summary>
/// Many nodes in one process: how long a write needs to be on all others, beside a message of a topic of the same size,
/// in turns.
/// </summary>
internal static class MapLive
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(10);

    public static async Task RunAsync(int nodes, int writes)
    {
        var all = await StartAsync(nodes);
        using var ended = new CancellationTokenSource();
        var came = new Arrivals(nodes - 1);
        foreach (var node in all)
        {
            _ = ListenAsync(node, came, ended.Token);
            _ = WatchAsync(node, came, ended.Token);
        }

        await Task.Delay(TimeSpan.FromSeconds(1));
        var (topic, map, number) = (all[0].GetTopic("t"), all[0].GetMap("m"), 0);
        for (var round = 0; round < 3; round++)
        {
            var (messages, changes) = (new List<double>(), new List<double>());
            for (var i = 0; i < writes; i++)
            {
                var text = $"{number++}";
                messages.Add(await came.TimeAsync(text, () => topic.PublishAsync(text)));
                await Task.Delay(s_pause);
                text = $"{number++}";
                changes.Add(await came.TimeAsync(text, () => map.SetAsync(text, text)));
                await Task.Delay(s_pause);
            }

            Tell(nodes, messages, changes);
        }

        await ended.CancelAsync();
        await Task.WhenAll(all.Select(static node => node.DisposeAsync().AsTask()));
    }

    /// <summary>Starts nodes with maps, and gives them time to know each other.</summary>
    public static async Task<List<GossipNode>> StartAsync(int nodes)
    {
        var all = new List<GossipNode>();
        for (var i = 0; i < nodes; i++)
        {
            all.Add(await GossipNode.StartAsync(new()
            {
                Bind = "127.0.0.1:0", Seeds = i == 0 ? [] : [$"{all[0].LocalAddress}"], Maps = new(),
                Aggregation = null, Cluster = $"maps-{Environment.ProcessId}",
            }));
        }

        await Task.Delay(TimeSpan.FromSeconds(5));
        return all;
    }

    private static void Tell(int nodes, List<double> messages, List<double> changes)
    {
        messages.Sort();
        changes.Sort();
        string Row(double share)
        {
            var (message, change) = (
                messages[(int)(share * (messages.Count - 1))], changes[(int)(share * (changes.Count - 1))]);
            return string.Create(
                CultureInfo.InvariantCulture, $"{message:0.0} and {change:0.0} ms ({change / message:0.00})");
        }

        Console.WriteLine(
            $"{nodes} nodes, {changes.Count} each: message and write on all others: median {Row(.5)}, p99 {Row(.99)}");
    }

    private static async Task ListenAsync(GossipNode node, Arrivals came, CancellationToken cancellation)
    {
        try
        {
            await foreach (var message in node.GetTopic("t").Subscribe().WithCancellation(cancellation))
            {
                came.Add(message.Text, node);
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    /// <summary>Tells of every key that comes to a node.</summary>
    public static async Task WatchAsync(GossipNode node, Arrivals came, CancellationToken cancellation)
    {
        try
        {
            await foreach (var update in node.GetMap("m").WatchAsync(cancellationToken: cancellation))
            {
                came.Add(update.Key, node);
            }
        }
        catch (OperationCanceledException)
        {
        }
    }
}
