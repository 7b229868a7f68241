using Hearsay.Protocols.Security;
using Hearsay.Protocols.Wire;
using Hearsay.Simulation;

namespace Hearsay.Protocols.Tests.Security;

/// <summary>Whole nodes of mode key: what they read, what strangers cost, and who gets in.</summary>
public sealed class ProtectedNodeTests
{
    private readonly NodeSecurity _security = SeededCipher.Security(1);

    [Fact]
    public void Of_a_packet_for_whoever_lives_at_an_address_only_a_request_is_read()
    {
        var (network, node) = Alone();
        var sender = new RecordEnd(_security, 9);
        var target = new RecordEnd(_security, 2) { Address = node.Address };
        var sent = new List<byte[]>();
        node.OnSend = (_, packet) => sent.Add(packet);
        sender.Now = network.Now;
        network.Inject(node, Link(sender), sender.Seal(target, "hello", toAnyone: true));
        sender.Open(target, Assert.Single(sent));
        var again = sender.Own.Count > 0 ? sender.Own[0] : throw new InvalidOperationException("No answer.");

        // What answers a challenge is for the node that sent it; a later one is for anyone again.
        network.Inject(node, Link(sender), again);
        Assert.Equal(1, node.Core.Counters.Dropped(DropReason.UnknownProtocol));
        network.Inject(node, Link(sender), sender.Seal(target, "hello", toAnyone: true));
        Assert.Equal(1, node.Core.Counters.Dropped(DropReason.Unaddressed));
        Assert.Equal(1, node.Core.Counters.Dropped(DropReason.UnknownProtocol));
    }

    [Theory]
    [InlineData("other", 1)]
    [InlineData("default", 2)]
    public void Two_clusters_with_one_key_and_one_cluster_with_two_keys_never_mix(string cluster, byte key)
    {
        var (network, other) = (new VirtualNetwork(), SeededCipher.Security(8, cluster, key));
        for (var i = 0; i < 20; i++)
        {
            var isOther = i % 2 == 1;
            network.Add(configure: options => options with
            {
                Security = isOther ? other : _security, Cluster = isOther ? cluster : "default",
            });
        }

        network.Run(TimeSpan.FromMinutes(2));
        var ofOthers = network.Nodes.Where(node => node.Index % 2 == 1).Select(node => node.Core.Self.Id).ToHashSet();
        Assert.All(network.Nodes, node => Assert.Equal(
            0, node.Core.View.Copy().Count(peer => ofOthers.Contains(peer.Id) != (node.Index % 2 == 1))));
        Assert.Equal(9, network.Nodes[0].Core.View.Count);
        Assert.Equal(0, network.Nodes.Where(node => node.Index % 2 == 1).Sum(node => node.Core.View.Count));
    }

    [Fact]
    public void A_seed_that_is_the_node_itself_is_recognised_and_nothing_else_of_what_comes_back_is_used()
    {
        var network = new VirtualNetwork();
        var node = network.Add(
            seeds: [VirtualNetwork.AddressOf(0)], configure: options => options with { Security = _security });
        network.Run(TimeSpan.FromSeconds(30));
        Assert.False(node.Core.State.IsJoining);
        Assert.Equal(0, node.Core.View.Count);
        Assert.DoesNotContain(node.Notices, notice => notice.Kind == NodeNoticeKind.IdContested);
    }

    [Fact]
    public void An_attacker_on_the_path_who_repeats_reflects_and_redirects_everything_changes_nothing()
    {
        var quiet = Run(null);
        var attacked = Run((network, from, to, packet) =>
        {
            foreach (var node in network.Nodes)
            {
                network.Inject(node, new Link(from.Address, LinkKind.Datagram), packet);
                network.Inject(node, new Link(to, LinkKind.Datagram), packet);
            }
        });
        Assert.True(attacked.Completed >= .95 * quiet.Completed, $"{attacked} {quiet}");
        Assert.Equal(0, attacked.Evictions);
        Assert.Equal(quiet.Peers, attacked.Peers);
    }

    private static Link Link(RecordEnd end) => new(end.Address, LinkKind.Datagram);

    private (VirtualNetwork Network, VirtualNode Node) Alone()
    {
        var network = new VirtualNetwork();
        var node = network.Add(configure: options => options with
        {
            Security = _security,
            Self = new SelfDescription(new NodeId(2, 2), 1, options.Self.Addresses, []),
        });
        network.Run(TimeSpan.FromSeconds(1));
        return (network, node);
    }

    private (long Completed, long Evictions, int Peers) Run(
        Action<VirtualNetwork, VirtualNode, NodeAddress, byte[]>? attack)
    {
        var network = new VirtualNetwork(new VirtualNetworkOptions { Seed = 4 });
        var waiting = new Queue<(VirtualNode From, NodeAddress To, byte[] Packet)>();
        for (var i = 0; i < 8; i++)
        {
            var node = network.Add(configure: options => options with { Security = _security });
            node.OnSend = (to, packet) =>
            {
                if (attack is not null && to.Kind == LinkKind.Datagram && waiting.Count < 1000)
                {
                    waiting.Enqueue((node, to.Address, packet));
                }
            };
        }

        for (var step = 0; step < 900; step++)
        {
            network.Run(TimeSpan.FromMilliseconds(100));
            for (var i = 0; i < 20 && waiting.TryDequeue(out var captured); i++)
            {
                attack!(network, captured.From, captured.To, captured.Packet);
            }
        }

        var counters = network.Nodes.Select(node => node.Core.Counters).ToArray();
        return (counters.Sum(c => c.ExchangesCompleted), counters.Sum(c => c.Evictions),
            network.Nodes.Sum(node => node.Core.View.Count));
    }
}
