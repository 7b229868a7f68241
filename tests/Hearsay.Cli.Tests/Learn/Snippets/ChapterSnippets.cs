using Hearsay.Protocols;

namespace Hearsay.Cli.Tests.Learn.Snippets;

/// <summary>
/// The pieces of C# in docs/learn that are in no sample, so that the compiler sees them. Nobody runs them.
/// </summary>
internal sealed class ChapterSnippets
{
    private const byte Hello = 1;
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);
    private readonly byte[] body = [1];

    /// <summary>Chapter 14.</summary>
    public void OnDue(IProtocolContext context, long token)
    {
        if (context.Peers.TryGetPeer(out var peer))
        {
            context.Send(peer, Hello, body);
        }

        context.Schedule(Beat, 0);
    }

    /// <summary>Chapter 5.</summary>
    public static void Averages(GossipNode node)
    {
        using var load = node.GetAggregate("cpu").Average(() => CurrentLoad());
        using var times = node.GetAggregate("request-ms").Quantiles(() => LastRequests());
        Console.WriteLine($"{load.Latest.Value} ± {load.Latest.Error}");
        Console.WriteLine($"p99 {times.Final.Distribution?.Quantile(0.99)} ms");
    }

    /// <summary>Chapter 10.</summary>
    public static async Task MapsAsync(GossipNode node)
    {
        var config = node.GetMap("config");
        await config.SetAsync("colour", "green", WriteConcern.Nodes(2));
    }

    private static double CurrentLoad() => 0.5;

    private static double[] LastRequests() => [1, 2];
}
