using Hearsay.Protocols;
using Hearsay.Tests;

namespace Hearsay.Simulation.Tests.Network;

/// <summary>How long a thousand nodes of mode identity need that all begin at once and know one of them.</summary>
public sealed class IdentityJoinTests
{
    private const int Nodes = 1000;
    private const int Cycles = 30;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [Campaign]
    public void A_thousand_nodes_that_know_one_of_them_have_joined_within_thirty_cycles(ulong seed)
    {
        var cluster = new SeededIdentities();
        var network = new VirtualNetwork(new VirtualNetworkOptions { Seed = seed, KeepsNotices = false });
        for (var i = 0; i < Nodes; i++)
        {
            var security = cluster.Security(i + 1);
            network.Add(configure: options => options with
            {
                Identity = security,
                Self = new SelfDescription(security.Keys.Id, 1, options.Self.Addresses, []),
            });
        }

        var (joined, half) = (0, 0);
        for (var cycle = 1; cycle <= Cycles && half == 0; cycle++)
        {
            network.Run(PeerSamplingOptions.Recommended.CycleTime);
            var views = network.Nodes.Select(static node => node.Core.View.Count).ToArray();
            joined = joined == 0 && views.Min() > 0 ? cycle : joined;
            half = half == 0 && views.Min() >= PeerSamplingOptions.Recommended.ViewSize / 2 ? cycle : half;
            TestContext.Current.TestOutputHelper?.WriteLine(
                $"cycle {cycle}: {views.Count(static count => count > 0)} have peers, views {views.Min()} to "
                + $"{views.Max()}, {Sessions(network)} sessions");
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"all have peers after {joined} cycles, and views half full after {half}");
        Assert.InRange(joined, 1, Cycles);
        Assert.InRange(half, 1, Cycles);
        Assert.Equal(Nodes, Reached(network));
    }

    private static long Sessions(VirtualNetwork network) =>
        network.Nodes.Sum(static node => node.Core.State.Envelope.SessionCounts.Opened) / 2;

    /// <summary>How many nodes hang together, whoever knows whom.</summary>
    private static int Reached(VirtualNetwork network)
    {
        var byId = network.Nodes.ToDictionary(static node => node.Core.Self.Id, static node => node.Index);
        var links = new List<int>[Nodes];
        for (var i = 0; i < Nodes; i++)
        {
            links[i] = [];
        }

        foreach (var node in network.Nodes)
        {
            foreach (var peer in node.Core.View.Copy())
            {
                links[node.Index].Add(byId[peer.Id]);
                links[byId[peer.Id]].Add(node.Index);
            }
        }

        var reached = new HashSet<int> { 0 };
        var next = new Queue<int>(reached);
        while (next.TryDequeue(out var index))
        {
            links[index].Where(reached.Add).ToList().ForEach(next.Enqueue);
        }

        return reached.Count;
    }
}
