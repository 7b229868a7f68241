using System.Collections.Concurrent;

namespace Hearsay.Benchmarks.Live;

/// <summary>
/// Nodes in this process, all of which take part in one average: with sockets of their own, or over a network in memory
/// where datagrams are to be lost.
/// </summary>
internal sealed class AggregateCluster : IAsyncDisposable
{
    private static readonly TimeSpan s_cycle = TimeSpan.FromMilliseconds(200);

    public static readonly AggregationOptions Options = new() { CycleTime = s_cycle };

    /// <summary>The first nodes are everybody's seeds, and stay.</summary>
    public const int SeedCount = 3;

    private readonly TimeSpan _samplingCycle;
    private readonly double[] _values;
    private readonly List<GossipNode> _nodes = [];
    private readonly MemoryNetwork? _network;
    private readonly string _cluster;
    private readonly ConcurrentDictionary<long, ConcurrentBag<AggregateEstimate>> _epochs = new();

    private AggregateCluster(int nodes, double loss, TimeSpan samplingCycle) =>
        (_values, _samplingCycle, _network, _cluster) = (
            new double[nodes], samplingCycle, loss > 0 ? new MemoryNetwork(loss) : null,
            $"aggregates-{Environment.ProcessId}-{loss}");

    public IReadOnlyList<GossipNode> Nodes => _nodes;

    /// <summary>The value of each node; read by its callback at the beginning of an epoch.</summary>
    public double[] Values => _values;

    public static async Task<AggregateCluster> StartAsync(int nodes, double loss, TimeSpan? samplingCycle = null)
    {
        var cluster = new AggregateCluster(nodes, loss, samplingCycle ?? s_cycle);
        for (var i = 0; i < nodes; i++)
        {
            cluster._values[i] = i + 1;
            cluster._nodes.Add(await cluster.StartNodeAsync());
            cluster.Join(i);
        }

        return cluster;
    }

    /// <summary>One crashes without a word, another starts in its place.</summary>
    public async Task ReplaceAsync(int index)
    {
        await _nodes[index].CrashAsync();
        _nodes[index] = await StartNodeAsync();
    }

    /// <summary>What all nodes ended an epoch with, once all have.</summary>
    public async Task<AggregateEstimate[]> WholeEpochAsync(long epoch)
    {
        ConcurrentBag<AggregateEstimate>? ends;
        while (!_epochs.TryGetValue(epoch, out ends) || ends.Count < _nodes.Count)
        {
            await Task.Delay(50);
            if (_nodes.Min(static node => node.Aggregates!.Aggregation.Epoch) > epoch + 1)
            {
                return ends?.ToArray() ?? [];
            }
        }

        return [.. ends];
    }

    /// <summary>How many exchanges the nodes there are now have begun and finished.</summary>
    public long Exchanges => _nodes.Sum(static node => node.Aggregates!.Aggregation.Counters.Completed);

    /// <summary>The latest epoch that any node has begun.</summary>
    public long Epoch => _nodes.Max(static node => node.Aggregates!.Aggregation.Epoch);

    public async ValueTask DisposeAsync() =>
        await Task.WhenAll(_nodes.Select(static node => node.CrashAsync()));

    private Task<GossipNode> StartNodeAsync()
    {
        var seeds = _nodes.Take(SeedCount).Select(static node => node.LocalAddress.ToString());
        return GossipNode.StartAsync(new GossipNodeOptions
        {
            Bind = "127.0.0.1:0",
            Cluster = _cluster,
            Seeds = [.. seeds],
            Broadcast = null,
            Aggregation = Options,
            Sampling = PeerSamplingOptions.Recommended with { CycleTime = _samplingCycle },
            Network = _network,
        });
    }

    private void Join(int index)
    {
        var aggregate = _nodes[index].GetAggregate("value").Average(() => Volatile.Read(ref _values[index]));
        _ = ReadAsync(aggregate);
    }

    private async Task ReadAsync(Aggregate aggregate)
    {
        await foreach (var estimate in aggregate.WatchAsync())
        {
            _epochs.GetOrAdd(estimate.Epoch, static _ => []).Add(estimate);
        }
    }
}
