using Hearsay.Learning;
using Hearsay.Storage.Sqlite;
using Microsoft.Extensions.Configuration;

namespace Hearsay.Cli.Tests.Learn.Snippets;

/// <summary>
/// The pieces of C# in docs, and in the pages of packages, so that the compiler sees them. Nobody runs them.
/// </summary>
internal static class PageSnippets
{
    sealed class InZone(byte zone) : IPeerWeight
    {
        public double WeightOf(in Peer peer) =>
            peer.HasMetadata && peer.Metadata.Span is [var other, ..] && other == zone ? 1 : 0.1;
    }

    /// <summary>Of peer-sampling.md.</summary>
    public static void Weights(GossipNode node)
    {
        using var near = node.CreateSampler(new InZone(7));
    }

    /// <summary>Of anti-entropy.md.</summary>
    public static async Task MapsAsync()
    {
        await using var first = await GossipNode.StartAsync(new() { Bind = "127.0.0.1:7001", Maps = new() });
        await using var second = await GossipNode.StartAsync(
            new() { Bind = "127.0.0.1:7002", Seeds = ["127.0.0.1:7001"], Maps = new() });
        await first.WaitForPeersAsync();

        var config = first.GetMap("config");
        await config.SetAsync("colour", "green", WriteConcern.Nodes(1));
        Console.WriteLine(second.GetMap("config").TryGet("colour", out var entry) ? entry.Text : "not there");
    }

    /// <summary>Of anti-entropy.md.</summary>
    public static GossipNodeOptions Storage()
    {
        var options = new GossipNodeOptions { Maps = new(), MapStorage = new SqliteMapStorage("/var/lib/app/maps.db") };

        return options;
    }

    /// <summary>Of gossip-learning.md.</summary>
    public static async Task LearnAsync(GossipNode node)
    {
        var data = CsvData.Load("mine.csv", label: "label");
        await using var learner = node.Learn(LinearModel.Logistic(data.FeatureCount), data);

        await foreach (var progress in learner.WatchAsync())
        {
            Console.WriteLine($"cycle {progress.Cycle}: age {progress.Model.Age}");
        }
    }

    /// <summary>Of gossip-learning.md.</summary>
    public static async Task StandardiseAsync(
        GossipNode node, ILearningModel model, LearningData data, CancellationToken limit)
    {
        using var agreed = await node.AgreeOnStandardisationAsync(data, cancellationToken: limit);
        await using var learner = node.Learn(model, agreed.Standardisation.Apply(data));
    }

    /// <summary>Of gossip-learning.md.</summary>
    public static float Predict(float[] record)
    {
        var standard = Standardisation.Load("model.standardisation.json");
        var trained = TrainedModel.Load("model", LinearModel.Logistic(standard.FeatureCount));
        standard.Apply(record, record);
        var predicted = trained.Predict(record);

        return predicted;
    }

    /// <summary>Of gossip-learning.md.</summary>
    public static async Task ConfigureAsync(
        GossipNode node, ILearningModel model, LearningData data, IConfiguration configuration)
    {
        var options = configuration.GetSection("Hearsay:Learning").Get<LearningOptions>();
        await using var learner = node.Learn(model, data, options);
    }

    /// <summary>Of requests.md.</summary>
    public static async Task AskAsync(GossipNode node)
    {
        using var answers = node.HandleRequests("load", (request, cancellationToken) =>
            ValueTask.FromResult<ReadOnlyMemory<byte>>("0.7"u8.ToArray()));

        if (node.TryGetPeer(out var peer))
        {
            var answer = await node.RequestAsync(peer, "load", "cpu");
            Console.WriteLine($"{peer.Id}: {answer.Text} after {answer.Elapsed.TotalMilliseconds:0.0} ms");
        }
    }

    /// <summary>Of rumors.md.</summary>
    public static async Task RumorsAsync()
    {
        await using var first = await GossipNode.StartAsync(new() { Bind = "127.0.0.1:7001", Rumors = new() });
        await using var second = await GossipNode.StartAsync(
            new() { Bind = "127.0.0.1:7002", Seeds = ["127.0.0.1:7001"], Rumors = new() });
        await first.WaitForPeersAsync();

        await using var heard = second.Rumors.Subscribe();
        await first.Rumors.SpreadAsync("the cache of 10.0.0.5 is full");
        await foreach (var rumor in heard)
        {
            Console.WriteLine($"{rumor.Id.Origin}: {rumor.Text}");
            break;
        }
    }

    /// <summary>Of broadcast.md.</summary>
    public static async Task<long> BatchesAsync(GossipNode node, CancellationToken cancellationToken)
    {
        var total = 0L;
        await using var prices = node.GetTopic("prices").Subscribe();
        var batch = new TopicLease[64];
        while (await prices.ReadBatchAsync(batch, cancellationToken) is > 0 and var count)
        {
            foreach (var lease in batch.AsSpan(0, count))
            {
                total += lease.Message.Payload.Length;
                lease.Dispose();
            }
        }

        return total;
    }

    /// <summary>Of metrics.md.</summary>
    public static void Numbers(GossipNode node)
    {
        foreach (var one in node.GetDiagnostics().Measurements.Where(one => one.Value != 0))
        {
            Console.WriteLine($"{one.Name} {one.TagValue} {one.Value} {one.Unit}");
        }
    }

    /// <summary>Of security.md.</summary>
    public static async Task KeyringAsync()
    {
        await using var node = await GossipNode.StartAsync(new GossipNodeOptions
        {
            Bind = "0.0.0.0:7946",
            Security = ClusterSecurity.FromKeyring("/etc/hearsay/keyring"),
        });
    }

    /// <summary>Of the package Hearsay.Learning.</summary>
    public static async Task PackageOfLearningAsync()
    {
        var data = CsvData.Load("mine.csv", label: "label");
        await using var node = await GossipNode.StartAsync(new GossipNodeOptions { Seeds = ["10.0.0.5:7946"] });
        await using var learner = node.Learn(LinearModel.Logistic(data.FeatureCount), data);

        await foreach (var progress in learner.WatchAsync())
        {
            Console.WriteLine($"cycle {progress.Cycle}: {progress.Merged} models of others merged");
        }
    }

    /// <summary>Of the package Hearsay.Storage.Sqlite.</summary>
    public static async Task PackageOfSqliteAsync()
    {
        await using var node = await GossipNode.StartAsync(new()
        {
            Maps = new(), MapStorage = new SqliteMapStorage("/var/lib/app/maps.db"),
        });
    }
}
