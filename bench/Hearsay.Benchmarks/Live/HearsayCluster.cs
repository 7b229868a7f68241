using System.Buffers.Binary;

namespace Hearsay.Benchmarks.Live;

/// <summary>Nodes of Hearsay in this process, with sockets of their own, as they come.</summary>
internal sealed class HearsayCluster : IBroadcastCluster
{
    private readonly List<GossipNode> _nodes = [];
    private readonly List<TopicSubscription> _subscriptions = [];

    public string Name => "Hearsay";

    public int Nodes => _nodes.Count;

    public Action<int, int>? Received { get; set; }

    /// <summary>Payloads sent by all nodes so far.</summary>
    public long PayloadsSent => _nodes.Sum(static node => node.Topics!.Broadcast.Counters.PayloadsSent);

    /// <summary>Bytes of chunks of large messages sent by all nodes so far.</summary>
    public long ChunkBytesSent => _nodes.Sum(static node => node.Topics!.Broadcast.Counters.ChunkBytesSent);

    /// <summary>Starts them and waits until all have neighbours.</summary>
    /// <param name="nodes">How many.</param>
    /// <param name="name">The name of the cluster.</param>
    /// <param name="security">The security of each node, by its number; null for mode open.</param>
    public static async Task<HearsayCluster> StartAsync(
        int nodes, string name = "bench", Func<int, ClusterSecurity>? security = null)
    {
        var cluster = new HearsayCluster();
        for (var i = 0; i < nodes; i++)
        {
            var node = await GossipNode.StartAsync(new GossipNodeOptions
            {
                Bind = "127.0.0.1:0",
                Cluster = $"{name}-{Environment.ProcessId}",
                Security = security?.Invoke(i) ?? ClusterSecurity.Open,
                Seeds = i == 0 ? [] : [cluster._nodes[0].LocalAddress.ToString()],
                Aggregation = null,
            });
            cluster._nodes.Add(node);
            var subscription = node.GetTopic("bench").Subscribe(new TopicSubscriptionOptions { Capacity = 1 << 16 });
            cluster._subscriptions.Add(subscription);
            _ = cluster.ReadAsync(i, subscription);
        }

        while (cluster._nodes.Any(node => node.Topics!.Neighbours.Count < Math.Min(3, nodes - 1)))
        {
            await Task.Delay(100);
        }

        return cluster;
    }

    public Task PublishAsync(int node, int message, int bytes)
    {
        var payload = new byte[bytes];
        BinaryPrimitives.WriteInt32LittleEndian(payload, message);
        return _nodes[node].GetTopic("bench").PublishAsync(payload);
    }

    public async ValueTask DisposeAsync() =>
        await Task.WhenAll(_nodes.Select(static node => node.DisposeAsync().AsTask()));

    private async Task ReadAsync(int node, TopicSubscription subscription)
    {
        await foreach (var message in subscription)
        {
            Received?.Invoke(node, BinaryPrimitives.ReadInt32LittleEndian(message.Payload.Span));
        }
    }
}
