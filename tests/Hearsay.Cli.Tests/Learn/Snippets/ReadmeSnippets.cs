using Hearsay;
using Hearsay.Hosting;
using Hearsay.Learning;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Hearsay.Cli.Tests.Learn.Snippets;

/// <summary>The pieces of C# in README.md, so that the compiler sees them. Nobody runs them.</summary>
internal static class ReadmeSnippets
{
    /// <summary>A node.</summary>
    public static async Task NodeAsync()
    {
        await using var node = await GossipNode.StartAsync(new GossipNodeOptions
        {
            Bind = "127.0.0.1:7003", Seeds = ["127.0.0.1:7001"],
            Metadata = "http=8080"u8.ToArray(), DataDirectory = "node-7003",
        });
        await node.WaitForPeersAsync().WaitAsync(TimeSpan.FromSeconds(30));
        if (node.TryGetPeer(out var peer)) Console.WriteLine($"talk to {peer.Address}");
        foreach (var other in node.GetPeers(3)) Console.WriteLine($"{other.Id}: {other.Metadata.Length} bytes");
        await foreach (var news in node.WatchViewAsync()) { Console.WriteLine($"{news.Kind} {news.Peer}"); break; }
    }

    /// <summary>Topics and aggregates.</summary>
    public static async Task TopicsAsync(GossipNode node)
    {
        var topic = node.GetTopic("prices");
        await using var prices = topic.Subscribe(new() { OnMissed = count => Console.WriteLine($"missed {count}") });
        await topic.PublishAsync("EUR 1.08");
        var sent = await topic.PublishTrackedAsync("EUR 1.09");
        await sent.WaitForShareAsync(0.95, TimeSpan.FromSeconds(30));
        Console.WriteLine($"{sent.NodesReached} nodes have it");
        await foreach (var message in prices) { Console.WriteLine($"{message.Origin}: {message.Text}"); break; }

        using var load = node.GetAggregate("cpu").Average(() => Environment.CpuUsage.TotalTime.TotalSeconds);
        Console.WriteLine("asking all nodes for their load; that takes 5 to 25 s");
        var estimate = await load.GetWithinAsync(0.05).WaitAsync(TimeSpan.FromSeconds(30));
        Console.WriteLine($"{estimate.Value:G4} ± {estimate.Error:G2}; about {node.NetworkSize:0} nodes");
        await node.LeaveAsync();
    }

    /// <summary>Requests.</summary>
    public static async Task RequestsAsync(GossipNode node)
    {
        using var answers = node.HandleRequests("load", (request, cancellationToken) =>
            ValueTask.FromResult<ReadOnlyMemory<byte>>("0.7"u8.ToArray()));

        if (node.TryGetPeer(out var someone))
        {
            try { Console.WriteLine((await node.RequestAsync(someone, "load", "cpu")).Text); }
            catch (RequestException none) { Console.WriteLine(none.Message); }
        }
    }

    /// <summary>Learning.</summary>
    public static async Task LearningAsync(GossipNode node)
    {
        var data = CsvData.Load("mine.csv", label: "label");
        await using var learner = node.Learn(LinearModel.Logistic(data.FeatureCount), data);
    }

    /// <summary>Maps.</summary>
    public static async Task MapsAsync(GossipNode node)
    {
        var config = node.GetMap("config");
        await config.SetAsync("colour", "green");
        await config.IncrementAsync("visits");
        if (config.TryGet("colour", out var entry)) { Console.WriteLine(entry.Text); }
        await foreach (var update in config.WatchAsync("col")) { Console.WriteLine(update.Entry); break; }
    }

    /// <summary>A host.</summary>
    public static void Hosted(string[] args)
    {
        var builder = Host.CreateApplicationBuilder(args);
        builder.Services.AddHearsay(builder.Configuration.GetSection("Hearsay"));
        builder.Services.AddHearsay("orders", builder.Configuration.GetSection("Orders"));
        builder.Services.AddHostedService<Greeter>();
        builder.Build().Run();
    }

#pragma warning disable CA1852 // It stands as in the README.
    class Greeter(IHearsay hearsay, IPeerSampler peers, [FromKeyedServices("orders")] IPeerSampler orders)
        : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stopping)
        {
            await (await hearsay.WhenStartedAsync(stopping)).WaitForPeersAsync(1, stopping);
            if (peers.TryGetPeer(out var peer)) Console.WriteLine($"talk to {peer.Address}");
            Console.WriteLine(orders.TryGetPeer(out _) ? "orders has peers" : "nobody else in orders");
        }
    }
}
