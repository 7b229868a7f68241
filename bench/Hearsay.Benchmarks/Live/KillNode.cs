using System.Globalization;

namespace Hearsay.Benchmarks.Live;

/// <summary>
/// A node that is to be killed: prints what it receives, a line each, publishes when its parent says so, and ends when
/// its parent does. All options are the defaults.
/// </summary>
internal static class KillNode
{
    public const string Command = "kill-node";

    private const int PayloadBytes = 200;

    /// <summary>Args: cluster, seed.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        await using var node = await GossipNode.StartAsync(new GossipNodeOptions
        {
            Bind = "127.0.0.1:0", Cluster = args[0], Seeds = args[1].Length > 0 ? [args[1]] : [],
        });
        await using var subscription = node.GetTopic("kill").Subscribe(new() { Capacity = 1 << 16 });
        _ = PrintAsync(subscription);
        Console.WriteLine($"id {node.Id} {node.LocalAddress}");
        while (node.Topics!.Neighbours.Count < 3)
        {
            await Task.Delay(50);
        }

        Console.WriteLine("ready");
        while (await Console.In.ReadLineAsync() is { } line)
        {
            var words = line.Split(' ');
            var messages = int.Parse(words[0], CultureInfo.InvariantCulture);
            using var pace = new PeriodicTimer(
                TimeSpan.FromSeconds(1 / double.Parse(words[1], CultureInfo.InvariantCulture)));
            for (var i = 0; i < messages && await pace.WaitForNextTickAsync(); i++)
            {
                await node.GetTopic("kill").PublishAsync(new byte[PayloadBytes]);
            }

            Console.WriteLine("done");
        }

        return 0;
    }

    private static async Task PrintAsync(TopicSubscription subscription)
    {
        await foreach (var message in subscription)
        {
            Console.WriteLine(FormattableString.Invariant(
                $"{message.Origin}#{message.Sequence} {message.Age.TotalMilliseconds:F1}"));
        }
    }
}
