using Hearsay.Simulation;

namespace Hearsay.Protocols.Tests.Sampling;

public sealed class ClusterTests
{
    [Fact]
    public void Two_clusters_never_merge_even_when_addresses_are_reused()
    {
        var network = new VirtualNetwork();
        for (var i = 0; i < 80; i++)
        {
            var cluster = i < 40 ? "blue" : "green";
            network.Add(seeds: [VirtualNetwork.AddressOf(i < 40 ? 0 : 40)],
                configure: o => o with { Cluster = cluster });
        }

        network.Run(10 * Swarm.Second);

        // Half of the green nodes die, and blue ones get their addresses.
        for (var i = 1; i <= 20; i++)
        {
            var address = network.Nodes[40 + i].Address;
            network.Kill(network.Nodes[40 + i]);
            network.Kill(network.Nodes[i]);
            network.Restart(network.Nodes[i], o => o with
            {
                Self = new SelfDescription(o.Self.Id, o.Self.Incarnation, new NodeAddresses(address), []),
            });
        }

        network.Run(30 * Swarm.Second);
        var blue = network.Nodes.Take(40).Select(n => n.Core.Self.Id).ToHashSet();
        Assert.All(network.Up(), n => Assert.All(n.View(), p => Assert.Equal(n.Index < 40, blue.Contains(p.Id))));
        Assert.Equal([40, 20], network.Components());
        Assert.True(network.Dropped(DropReason.WrongCluster) > 0);
        Assert.All(network.Nodes, n => Assert.True(
            n.Notices.Count(x => x.Kind == NodeNoticeKind.ClusterRefused) <= 1));
    }

    [Fact]
    public void Another_major_version_is_refused_counted_and_told_once()
    {
        var node = new Lone();
        var packet = node.Request(1, ExchangeMode.Push | ExchangeMode.Pull, NodeId.None, Lone.Of(1));
        packet[1] = 2;
        for (var i = 0; i < 5; i++)
        {
            node.Receive(Lone.From(1), packet);
        }

        Assert.Equal(5, node.Core.Counters.Dropped(DropReason.WrongVersion));
        Assert.Single(node.Notices, n => n.Kind == NodeNoticeKind.VersionRefused);
        Assert.Empty(node.Sent);
        Assert.Equal(0, node.Core.View.Count);
    }
}
