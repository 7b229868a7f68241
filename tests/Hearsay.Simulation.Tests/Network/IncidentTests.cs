using Hearsay.Protocols;
using Hearsay.Simulation.Network;
using Hearsay.Tests;

namespace Hearsay.Simulation.Tests.Network;

/// <summary>
/// What went wrong in other systems, in networks of mode open and of mode identity (docs/incidents.md).
/// </summary>
public sealed class IncidentTests
{
    private const int Nodes = 24;

    private readonly SeededIdentities _cluster = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void After_a_restart_of_all_nodes_nobody_stays_dead_not_even_who_forgot_its_incarnation(bool isIdentity)
    {
        var network = Make(isIdentity);
        network.Run(TimeSpan.FromSeconds(40));

        // Some were told to be dead under a higher incarnation than the one with which they come back.
        network.Nodes.ToList().ForEach(network.Kill);
        network.Run(TimeSpan.FromSeconds(30));
        foreach (var node in network.Nodes)
        {
            network.Restart(node, options => Renew(options, node.Index, isForgetful: node.Index % 3 == 0));
        }

        network.Run(TimeSpan.FromMinutes(2));
        Assert.All(network.Nodes, node => Assert.Equal(Nodes - 1, node.Core.View.Count));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Who_lost_all_of_its_peers_while_it_was_cut_off_finds_them_again(bool isIdentity)
    {
        var network = Make(isIdentity);
        network.Run(TimeSpan.FromSeconds(40));
        var alone = network.Nodes[7];
        var cut = new Partition(PartitionKind.Full, [7]);
        network.Begin(cut);
        network.Run(TimeSpan.FromMinutes(10));
        Assert.Equal(0, alone.Core.View.Count);
        Assert.All(
            network.Nodes.Where(node => node != alone),
            node => Assert.DoesNotContain(alone.Core.Self.Id, Ids(node)));
        network.End(cut);
        network.Run(TimeSpan.FromMinutes(2));
        Assert.Equal(Nodes - 1, alone.Core.View.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Who_left_does_not_come_back_through_a_node_that_slept_meanwhile(bool isIdentity)
    {
        var network = Make(isIdentity);
        network.Run(TimeSpan.FromSeconds(40));
        var left = network.Nodes[5];
        network.Pause(network.Nodes[9], TimeSpan.FromSeconds(30));
        network.Run(TimeSpan.FromSeconds(1));
        network.Leave(left);
        network.Run(TimeSpan.FromSeconds(2));
        var wrong = 0;
        for (var i = 0; i < 600; i++)
        {
            network.Run(TimeSpan.FromMilliseconds(100));
            wrong += network.Nodes.Count(node => node.IsUp && node.Index != 9 && Ids(node).Contains(left.Core.Self.Id));
        }

        Assert.Equal(0, wrong);
        Assert.DoesNotContain(left.Core.Self.Id, Ids(network.Nodes[9]));
    }

    private static IEnumerable<NodeId> Ids(VirtualNode node) => node.Core.View.Copy().Select(peer => peer.Id);

    private VirtualNetwork Make(bool isIdentity)
    {
        var network = new VirtualNetwork(new VirtualNetworkOptions { Seed = 5 });
        for (var i = 0; i < Nodes; i++)
        {
            var number = i + 1;
            network.Add(configure: options =>
            {
                var security = isIdentity ? _cluster.Security(number) : null;
                return options with
                {
                    Identity = security,
                    Self = new SelfDescription(
                        security?.Keys.Id ?? options.Self.Id, 100, options.Self.Addresses, []),
                };
            });
        }

        return network;
    }

    private NodeCoreOptions Renew(NodeCoreOptions options, int index, bool isForgetful) => options with
    {
        Identity = options.Identity is null ? null : _cluster.Security(index + 1),
        Self = new SelfDescription(
            options.Self.Id, isForgetful ? 1 : options.Self.Incarnation, options.Self.Addresses, []),
    };
}
