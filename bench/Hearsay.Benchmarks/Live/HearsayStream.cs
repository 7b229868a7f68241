namespace Hearsay.Benchmarks.Live;

/// <summary>Nodes of Hearsay with sockets of their own and one subscriber each, with default options.</summary>
internal sealed class HearsayStream : IStream
{
    private readonly List<GossipNode> _nodes = [];
    private readonly List<Topic> _topics = [];
    private long _deliveries;
    private long _missed;

    public long Deliveries => Interlocked.Read(ref _deliveries);

    public long Missed => Interlocked.Read(ref _missed);

    public long Packets => _nodes.Sum(static node => node.Datagrams.Counters.PacketsSent);

    /// <summary>Starts the nodes and waits until they have neighbours and every source a tree.</summary>
    /// <param name="nodes">How many.</param>
    /// <param name="leases">Whether subscribers read in batches, without a copy.</param>
    public static async Task<HearsayStream> StartAsync(int nodes, bool leases)
    {
        var stream = new HearsayStream();
        for (var i = 0; i < nodes; i++)
        {
            var node = await GossipNode.StartAsync(new GossipNodeOptions
            {
                Bind = "127.0.0.1:0", Cluster = $"stream-{Environment.ProcessId}",
                Seeds = i == 0 ? [] : [stream._nodes[0].LocalAddress.ToString()],
            });
            stream._nodes.Add(node);
            stream._topics.Add(node.GetTopic("stream"));
            var subscription = stream._topics[i].Subscribe(new TopicSubscriptionOptions
            {
                Capacity = 1 << 18, OnMissed = missed => Interlocked.Add(ref stream._missed, missed),
            });
            _ = leases ? stream.ReadLeasesAsync(node, subscription) : stream.ReadAsync(node, subscription);
        }

        while (stream._nodes.Any(node => node.Topics!.Neighbours.Count < Math.Min(3, nodes - 1)))
        {
            await Task.Delay(100);
        }

        return stream;
    }

    public async ValueTask PublishAsync(int node, byte[] payload) => await _topics[node].PublishAsync(payload);

    public async ValueTask DisposeAsync() => await Task.WhenAll(_nodes.Select(static node => node.CrashAsync()));

    private async Task ReadLeasesAsync(GossipNode node, TopicSubscription subscription)
    {
        var batch = new TopicLease[64];
        while (await subscription.ReadBatchAsync(batch) is > 0 and var count)
        {
            foreach (var lease in batch.AsSpan(0, count))
            {
                Interlocked.Add(ref _deliveries, lease.Message.Origin == node.Id ? 0 : 1);
                lease.Dispose();
            }
        }
    }

    private async Task ReadAsync(GossipNode node, TopicSubscription subscription)
    {
        await foreach (var message in subscription)
        {
            if (message.Origin != node.Id)
            {
                Interlocked.Increment(ref _deliveries);
            }
        }
    }
}
