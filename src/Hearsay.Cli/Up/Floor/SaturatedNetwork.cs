using System.Diagnostics;

namespace Hearsay.Cli.Up.Floor;

/// <summary>Nodes of their own for the floor, beside those that are shown.</summary>
internal sealed class SaturatedNetwork : IAsyncDisposable
{
    private static readonly TimeSpan s_longestJoin = TimeSpan.FromSeconds(10);
    private readonly SaturatedNode[] _nodes;

    private SaturatedNetwork(SaturatedNode[] nodes) => _nodes = nodes;

    /// <summary>Exchanges that were answered.</summary>
    public long Completed => _nodes.Sum(static node => node.Completed);

    /// <summary>Starts so many nodes and waits until their views are filled, or for 10 s.</summary>
    public static async Task<SaturatedNetwork> StartAsync(
        int count, PeerSamplingOptions sampling, CancellationToken cancellation)
    {
        var cluster = $"floor-{Environment.ProcessId}-{Stopwatch.GetTimestamp():x}";
        var network = new SaturatedNetwork(
            [.. Enumerable.Range(0, count).Select(number => new SaturatedNode(number, cluster, sampling))]);
        foreach (var node in network._nodes.Skip(1))
        {
            node.Join(network._nodes[0].Address);
        }

        var wanted = Math.Min(sampling.ViewSize, count - 1);
        network.Hurry(count);
        var started = Stopwatch.GetTimestamp();
        while (network._nodes.Any(node => node.ViewCount < wanted)
            && Stopwatch.GetElapsedTime(started) < s_longestJoin)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), cancellation).ConfigureAwait(false);
        }

        network.Hurry(0);
        return network;
    }

    /// <summary>Lets so many nodes have one exchange in flight each, and the others go on at their own pace.</summary>
    public void Hurry(int nodes)
    {
        for (var i = 0; i < _nodes.Length; i++)
        {
            _nodes[i].Hurry(i < nodes);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync().ConfigureAwait(false);
        }
    }
}
