using Hearsay.Tests.Transport;

namespace Hearsay.Tests;

public sealed class ConvergenceTests
{
    [Fact]
    public async Task A_hundred_nodes_converge_while_a_tenth_of_the_packets_is_lost()
    {
        var nodes = new LiveNodes(new MemoryNetwork(lossShare: 0.1, seed: 7), LiveNodes.Quick with
        {
            CycleTime = TimeSpan.FromMilliseconds(200),
        });
        await using var _ = await nodes.StartManyAsync(100);

        await nodes.ViewsHoldAsync(27);

        // Cycles and not seconds: on a busy machine cycles take longer, and no more of them are needed.
        Assert.InRange(nodes.All.Average(node => (double)node.Counters.Cycles), 1, 30);
        await Eventually.TrueAsync(() => Reached(nodes) == 100, "all are reached from the first");
    }

    [Fact]
    public async Task Large_views_travel_over_TCP_and_fill()
    {
        // All views must be full at one moment, and a busy machine answers late: an answer has nearly the whole cycle,
        // so that those who are slow are not taken for dead.
        var nodes = new LiveNodes(sampling: new PeerSamplingOptions
        {
            ViewSize = 200,
            CycleTime = TimeSpan.FromSeconds(1),
            MaximumTimeout = TimeSpan.FromMilliseconds(900),
        });
        await using var _ = await nodes.StartManyAsync(80);

        await nodes.ViewsHoldAsync(76);
        Assert.True(nodes.All.Sum(node => node.Streams.Counters.PacketsReceived) > 100, "over TCP");
    }

    [Fact]
    public async Task The_halves_of_a_cut_network_find_each_other_when_it_is_mended()
    {
        var network = new MemoryNetwork();
        var nodes = new LiveNodes(network, LiveNodes.Quick with { RecontactCycles = 5 });
        await using var _ = await nodes.StartManyAsync(20);
        await nodes.ViewsHoldAsync(19);
        var side = nodes.All.Take(10).ToList();
        network.Partition(side.Select(node => node.LocalAddress));
        await Eventually.TrueAsync(
            () => nodes.All.All(node => node.ViewCount <= 9), "each half forgets the other");

        network.Heal();
        await nodes.ViewsHoldAsync(19);
    }

    private static int Reached(LiveNodes nodes)
    {
        var byId = nodes.All.ToDictionary(node => node.Id);
        var reached = new HashSet<NodeId> { nodes.First.Id };
        var next = new Queue<GossipNode>([nodes.First]);
        while (next.TryDequeue(out var node))
        {
            foreach (var peer in node.GetView().Where(peer => reached.Add(peer.Id)))
            {
                next.Enqueue(byId[peer.Id]);
            }
        }

        return reached.Count;
    }
}
