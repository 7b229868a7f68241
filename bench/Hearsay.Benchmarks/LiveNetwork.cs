using System.Diagnostics;
using Hearsay.Simulation;

namespace Hearsay.Benchmarks;

/// <summary>Real nodes on loopback, all started together through one seed.</summary>
internal sealed class LiveNetwork : IAsyncDisposable
{
    private readonly GossipNode[] _nodes;

    private LiveNetwork(GossipNode[] nodes) => _nodes = nodes;

    public IReadOnlyList<GossipNode> Nodes => _nodes;

    /// <summary>When the last of them had started.</summary>
    public long LastStart { get; private set; }

    public static async Task<LiveNetwork> StartAsync(int count, PeerSamplingOptions sampling)
    {
        var nodes = new GossipNode[count];
        nodes[0] = await StartAsync(sampling, []);
        string[] seeds = [nodes[0].LocalAddress.ToString()];
        await Task.WhenAll(Enumerable.Range(1, count - 1).Select(async i =>
            nodes[i] = await StartAsync(sampling, seeds)));
        return new LiveNetwork(nodes) { LastStart = Stopwatch.GetTimestamp() };
    }

    public OverlayMetrics Measure()
    {
        var index = new Dictionary<NodeId, int>();
        for (var i = 0; i < _nodes.Length; i++)
        {
            index.Add(_nodes[i].Id, i);
        }

        var views = _nodes.Select(node => node.GetView().Select(peer => index[peer.Id]).ToArray()).ToArray();
        return OverlayMetrics.Measure(OverlayGraph.FromViews(views), pathSources: 1);
    }

    public async ValueTask DisposeAsync() => await Task.WhenAll(_nodes.Select(node => node.CrashAsync()));

    private static Task<GossipNode> StartAsync(PeerSamplingOptions sampling, string[] seeds) =>
        GossipNode.StartAsync(new GossipNodeOptions { Bind = "127.0.0.1:0", Seeds = seeds, Sampling = sampling });
}
