using Hearsay.Protocols;
using Hearsay.Simulation;

namespace Hearsay.Cli.Up.Network;

/// <summary>The nodes of this process: started together, read without disturbing them, crashed and stopped.</summary>
internal sealed class LocalNetwork : IAsyncDisposable
{
    private const ulong CrashPurpose = 0xC7A5;
    private const int StartsAtOnce = 8;

    private readonly UpSettings _settings;
    private readonly GossipNode[] _nodes;
    private readonly bool[] _alive;
    private readonly Dictionary<NodeId, uint> _indexes = [];

    /// <summary>Views as node indexes, one behind the other; reused by every sample, which leaves no garbage.</summary>
    private readonly uint[] _links;
    private readonly int[] _counts;
    private readonly Peer[] _view;

    private LocalNetwork(UpSettings settings, GossipNode[] nodes)
    {
        (_settings, _nodes) = (settings, nodes);
        _alive = Enumerable.Repeat(true, nodes.Length).ToArray();
        for (var i = 0; i < nodes.Length; i++)
        {
            _indexes.Add(nodes[i].Id, (uint)i);
        }

        _view = new Peer[settings.Sampling.ViewSize];
        _links = new uint[nodes.Length * _view.Length];
        _counts = new int[nodes.Length];
    }

    /// <summary>The nodes that live.</summary>
    public IEnumerable<GossipNode> Live => _nodes.Where((_, index) => _alive[index]);

    /// <summary>How many nodes there are, with those that crashed.</summary>
    public int Count => _nodes.Length;

    /// <summary>A node, by its number.</summary>
    public GossipNode this[int node] => _nodes[node];

    /// <summary>How many nodes live.</summary>
    public int LiveCount => _alive.AsSpan().Count(true);

    /// <summary>Exchanges completed by all nodes since they started.</summary>
    public long ExchangesCompleted => _nodes.Sum(node => node.Counters.ExchangesCompleted);

    /// <summary>Bytes sent by all nodes since they started.</summary>
    public long BytesSent => _nodes.Sum(node => Interlocked.Read(ref node.Datagrams.Counters.BytesSent)
        + Interlocked.Read(ref node.Streams.Counters.BytesSent));

    /// <summary>Whether a node lives.</summary>
    public bool IsAlive(int node) => _alive[node];

    /// <summary>The view of a node as it is now.</summary>
    /// <returns>How many entries it has.</returns>
    public int CopyView(int node, Peer[] view) => _nodes[node].Loop.Core.View.CopyTo(view);

    /// <summary>Starts the seed node, then all others together; completes with the last start.</summary>
    /// <exception cref="IOException">A node has no sockets.</exception>
    public static async Task<LocalNetwork> StartAsync(UpSettings settings, CancellationToken cancellation)
    {
        var nodes = new GossipNode[settings.Nodes];
        try
        {
            var options = OptionsOf(settings);
            nodes[0] = await GossipNode.StartAsync(
                options with { RandomSeed = SeedOf(settings, 0) }, cancellation).ConfigureAwait(false);
            options = options with { Seeds = [nodes[0].LocalAddress.ToString()] };
            var parallel = new ParallelOptions
            {
                MaxDegreeOfParallelism = StartsAtOnce, CancellationToken = cancellation,
            };
            await Parallel.ForAsync(1, nodes.Length, parallel, async (index, token) => nodes[index] =
                await GossipNode.StartAsync(options with { RandomSeed = SeedOf(settings, index) }, token)
                    .ConfigureAwait(false)).ConfigureAwait(false);
            return new LocalNetwork(settings, nodes);
        }
        catch
        {
            await Task.WhenAll(nodes.Where(node => node is not null).Select(node => node.CrashAsync()))
                .ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Whether views are as full as convergence asks for; cheap, so that it can be asked often.</summary>
    public bool ViewsAreFull()
    {
        var full = _settings.FullView;
        var (sum, least) = (0L, int.MaxValue);
        foreach (var node in _nodes)
        {
            sum += node.ViewCount;
            least = Math.Min(least, node.ViewCount);
        }

        return sum >= 0.99 * full * _nodes.Length && 2 * least >= full;
    }

    /// <summary>Measures the overlay of the live nodes.</summary>
    public OverlaySample Sample()
    {
        var (joined, least, live) = (0, int.MaxValue, LiveCount);
        for (var node = 0; node < _nodes.Length; node++)
        {
            _counts[node] = _alive[node] ? ReadView(node) : 0;
            joined += _counts[node] > 0 ? 1 : 0;
            least = _alive[node] ? Math.Min(least, _counts[node]) : least;
        }

        var graph = OverlayGraph.FromSlots(_links, _view.Length, _counts, _alive);
        var metrics = OverlayMetrics.Measure(graph, pathSources: 0);
        var random = OverlayMetrics.RandomGraphDeviation(live, Math.Min(_settings.Sampling.ViewSize, live - 1));
        return new OverlaySample(
            live, joined, metrics.MeanViewSize, least, metrics.InDegreeDeviation, random, metrics.Clustering,
            metrics.Components, metrics.DeadLinks);
    }

    /// <summary>Crashes a random share of the nodes at once, without a word; the seed node may be among them.</summary>
    /// <returns>How many: at least one, and one stays.</returns>
    public async Task<int> CrashAsync(double share)
    {
        var count = Math.Clamp((int)Math.Round(share * _nodes.Length), 1, _nodes.Length - 1);
        var random = SeededRandom.For(_settings.Seed, 0, 0, CrashPurpose);
        var order = Enumerable.Range(0, _nodes.Length).ToArray();
        for (var i = 0; i < count; i++)
        {
            var other = i + random.Below(order.Length - i);
            (order[i], order[other]) = (order[other], order[i]);
            _alive[order[i]] = false;
        }

        await Task.WhenAll(order.Take(count).Select(node => _nodes[node].CrashAsync())).ConfigureAwait(false);
        return count;
    }

    /// <summary>A node's number in this network, by which people can tell it from others.</summary>
    public int NumberOf(NodeId id) => _indexes.TryGetValue(id, out var index) ? (int)index : -1;

    /// <summary>All that live leave; their sockets are closed when this completes.</summary>
    public async ValueTask DisposeAsync() =>
        await Task.WhenAll(Live.Select(node => node.LeaveAsync())).ConfigureAwait(false);

    private int ReadView(int node)
    {
        var count = _nodes[node].Loop.Core.View.CopyTo(_view);
        for (var i = 0; i < count; i++)
        {
            _links[(node * _view.Length) + i] = _indexes.GetValueOrDefault(_view[i].Id, uint.MaxValue);
        }

        return count;
    }

    private static GossipNodeOptions OptionsOf(UpSettings settings) => new()
    {
        Bind = "127.0.0.1:0",
        // Ports are used again: a run that ended a moment ago is another cluster.
        Cluster = $"up-{Environment.ProcessId}-{settings.Seed:x}",
        Sampling = settings.Sampling,
        Broadcast = settings.Rumors ? new BroadcastOptions() : null,
        Aggregation = settings.Aggregate || settings.Learn is not null ? settings.Aggregation : null,
    };

    private static ulong SeedOf(UpSettings settings, int node) =>
        SeededRandom.For(settings.Seed, (ulong)node, 0, 1).NextUInt64();
}
