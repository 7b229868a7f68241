using Hearsay.Tests.Transport;
using Microsoft.Extensions.Logging;

namespace Hearsay.Tests;

/// <summary>Live nodes of one test, in memory or on loopback sockets, with a short cycle.</summary>
internal sealed class LiveNodes(MemoryNetwork? network = null, PeerSamplingOptions? sampling = null) : IAsyncDisposable
{
    public static readonly PeerSamplingOptions Quick = new() { CycleTime = TimeSpan.FromMilliseconds(100) };

    private readonly List<GossipNode> _nodes = [];

    public IReadOnlyList<GossipNode> All => _nodes;

    public GossipNode First => _nodes[0];

    public GossipNodeOptions Options => new()
    {
        Bind = network?.NewAddress().ToString() ?? "127.0.0.1:0",
        Network = network,
        RandomSeed = LiveSeed.Next(),
        Sampling = sampling ?? Quick,
        Seeds = _nodes.Count > 0 ? [First.LocalAddress.ToString()] : [],
    };

    public Task<GossipNode> StartAsync() => StartAsync(Options);

    public async Task<GossipNode> StartAsync(GossipNodeOptions options)
    {
        var node = await GossipNode.StartAsync(options, TestContext.Current.CancellationToken);
        _nodes.Add(node);
        return node;
    }

    public async Task<LiveNodes> StartManyAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            await StartAsync();
        }

        return this;
    }

    /// <summary>Waits until every view holds so many peers.</summary>
    public Task ViewsHoldAsync(int peers) => Eventually.TrueAsync(
        () => _nodes.TrueForAll(node => node.ViewCount >= peers), $"views hold {peers} peers",
        () => $"views: {string.Join(" ", _nodes.Select(node => node.ViewCount))}; timed out: "
            + string.Join(" ", _nodes.Select(node => node.Counters.ExchangesTimedOut)));

    public async ValueTask DisposeAsync() => await Task.WhenAll(_nodes.Select(node => node.DisposeAsync().AsTask()));

    /// <summary>A factory with one provider.</summary>
    public static ILoggerFactory Logging(ILoggerProvider provider)
    {
        var factory = new SingleProviderFactory(provider);
        return factory;
    }

    private sealed class SingleProviderFactory(ILoggerProvider provider) : ILoggerFactory
    {
        public void AddProvider(ILoggerProvider other) => throw new NotSupportedException();

        public ILogger CreateLogger(string categoryName) => provider.CreateLogger(categoryName);

        public void Dispose() => provider.Dispose();
    }
}
