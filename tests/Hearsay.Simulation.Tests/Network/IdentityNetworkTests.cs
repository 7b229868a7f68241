using Hearsay.Protocols;
using Hearsay.Protocols.Security.Identity;
using Hearsay.Tests;

namespace Hearsay.Simulation.Tests.Network;

/// <summary>Whole nodes of mode identity, with real handshakes in simulated time.</summary>
public sealed class IdentityNetworkTests
{
    private readonly SeededIdentities _cluster = new();

    [Fact]
    public void Members_find_each_other_and_go_on_for_minutes_and_know_who_the_others_are()
    {
        var network = Make(nodes: 24, loss: 0);
        network.Run(TimeSpan.FromMinutes(13));
        Report(network);
        Assert.All(network.Nodes, node => Assert.Equal(23, node.Core.View.Count));
        var counters = network.Nodes.Select(node => node.Core.Counters).ToArray();
        Assert.Equal(0, counters.Sum(c => c.ExchangesTimedOut));
        Assert.Equal(0, counters.Sum(c => c.Dropped(DropReason.NotAuthentic) + c.Dropped(DropReason.NotAdmitted)));
        foreach (var peer in network.Nodes[3].Core.View.Copy())
        {
            Assert.Equal(peer.Id, NodeKeys.IdOf(peer.Identity!.Key.Span));
        }
    }

    [Fact]
    public void With_one_packet_in_ten_lost_and_some_doubled_nobody_is_lost_for_good()
    {
        var network = Make(nodes: 16, loss: .1);
        network.Run(TimeSpan.FromMinutes(5));
        Report(network);
        Assert.All(network.Nodes, node => Assert.InRange(node.Core.View.Count, 12, 15));
    }

    [Fact]
    public void A_stranger_an_expired_node_and_one_with_a_stolen_token_are_in_nobodys_view_and_see_nobody()
    {
        var network = Make(nodes: 10, loss: 0);
        var stranger = Add(network, 50, new SeededIdentities(2).Token(SeededIdentities.Keys(50)));
        var thief = Add(network, 51, _cluster.Token(SeededIdentities.Keys(1)));
        var expired = Add(network, 52, _cluster.Token(
            SeededIdentities.Keys(52), 60, issued: SeededIdentities.Epoch - (2 * SeededIdentities.Day)));
        var late = Add(network, 53);
        network.Run(TimeSpan.FromMinutes(2));
        Assert.Equal(10, late.Core.View.Count);
        foreach (var outsider in new[] { stranger, thief, expired })
        {
            Assert.Equal(0, outsider.Core.View.Count);
            Assert.All(network.Nodes, node => Assert.DoesNotContain(outsider.Core.Self.Id, Ids(node)));
        }
    }

    [Fact]
    public void Nodes_of_the_other_modes_and_of_another_cluster_never_mix_with_members()
    {
        var network = Make(nodes: 6, loss: 0);
        var others = new[]
        {
            network.Add(),
            network.Add(configure: options => options with { Security = SeededCipher.Security(1) }),
            Add(network, 60, new SeededIdentities(1, "other").Token(SeededIdentities.Keys(60))),
        };
        network.Run(TimeSpan.FromMinutes(1));
        Assert.All(others, node => Assert.Equal(0, node.Core.View.Count));
        Assert.All(network.Nodes.Take(6), node => Assert.Equal(5, node.Core.View.Count));
        Assert.True(network.Nodes[0].Core.Counters.Dropped(DropReason.WrongSecurity) > 0);
    }

    [Fact]
    public void A_revocation_that_one_guest_brings_is_known_everywhere_at_once_and_the_node_is_gone()
    {
        var network = Make(nodes: 20, loss: 0);
        network.Run(TimeSpan.FromMinutes(1));
        var revoked = network.Nodes[7].Core.Self.Id;
        var time = SeededIdentities.Epoch + 60;
        var guest = Add(network, 70, revoked: _cluster.Revoke(revoked, time));
        network.Run(TimeSpan.FromSeconds(5));
        Assert.All(
            network.Nodes.Where(node => node.Core.Self.Id != revoked),
            node => Assert.True(SecurityOf(node).Admission.Revocations.IsRevoked(revoked, SeededIdentities.Epoch)));
        network.Run(TimeSpan.FromMinutes(2));
        Report(network);
        Assert.Equal(19, guest.Core.View.Count);
        Assert.All(
            network.Nodes.Where(node => node.Core.Self.Id != revoked),
            node => Assert.DoesNotContain(revoked, Ids(node)));
        Assert.Equal(0, network.Nodes[7].Core.View.Count);
    }

    [Fact]
    public void A_node_that_was_away_hears_of_a_revocation_when_it_comes_back()
    {
        var network = Make(nodes: 12, loss: 0);
        network.Run(TimeSpan.FromSeconds(30));
        var away = network.Nodes[3];
        network.Kill(away);
        var revoked = network.Nodes[7].Core.Self.Id;
        Add(network, 70, revoked: _cluster.Revoke(revoked, SeededIdentities.Epoch + 30));
        network.Run(TimeSpan.FromMinutes(1));
        network.Restart(away, options => options with { Identity = _cluster.Security(4) });
        network.Run(TimeSpan.FromSeconds(20));
        Assert.True(SecurityOf(away).Admission.Revocations.IsRevoked(revoked, SeededIdentities.Epoch));
    }

    [Fact]
    public void A_descriptor_that_a_member_forges_changes_nothing_of_a_node_that_is_met()
    {
        // Node 0 says of node 5 that it is elsewhere, with the highest incarnation there is, and other metadata.
        var network = Make(nodes: 8, loss: 0);
        network.Run(TimeSpan.FromSeconds(40));
        var victim = network.Nodes[5];
        var liar = network.Nodes[0].Core;
        var place = liar.State.Table.TryFind(victim.Core.Self.Id, out var handle);
        Assert.True(place);
        liar.State.Table.Learn(
            new Protocols.Wire.Descriptor(
                victim.Core.Self.Id, Protocols.Wire.Descriptor.MaximumIncarnation, 0,
                new NodeAddresses(VirtualNetwork.AddressOf(99)), Protocols.Wire.MetadataPresence.Included, "lies"u8),
            out handle);
        network.Run(TimeSpan.FromSeconds(20));
        foreach (var node in network.Nodes.Where(node => node.Index is not (0 or 5)))
        {
            var peer = Assert.Single(node.Core.View.Copy(), peer => peer.Id == victim.Core.Self.Id);
            Assert.Equal(victim.Address, peer.Address);
            Assert.False(peer.Metadata.Span.SequenceEqual("lies"u8));
        }

        Assert.Equal(SeededIdentities.Keys(6).Id, victim.Core.Self.Id);
    }

    [Fact]
    public void A_node_whose_id_is_slandered_keeps_it_for_it_is_the_hash_of_its_key()
    {
        var network = Make(nodes: 4, loss: 0);
        network.Run(TimeSpan.FromSeconds(10));
        var node = network.Nodes[2];
        node.Core.State.RaiseIncarnation(Protocols.Wire.Descriptor.MaximumIncarnation);
        network.Run(TimeSpan.FromSeconds(10));
        Assert.Equal(SeededIdentities.Keys(3).Id, node.Core.Self.Id);
        Assert.Equal(3, node.Core.View.Count);
    }

    [Fact]
    public void A_node_that_restarts_with_its_identity_is_a_peer_again()
    {
        var network = Make(nodes: 8, loss: 0);
        network.Run(TimeSpan.FromSeconds(40));
        var node = network.Nodes[4];
        network.Kill(node);
        network.Run(TimeSpan.FromSeconds(2));
        network.Restart(node, options => options with { Identity = _cluster.Security(5) });
        network.Run(TimeSpan.FromSeconds(40));
        Assert.Equal(7, node.Core.View.Count);
        Assert.All(
            network.Nodes.Where(other => other != node),
            other => Assert.Contains(node.Core.Self.Id, Ids(other)));
    }

    private static IEnumerable<NodeId> Ids(VirtualNode node) => node.Core.View.Copy().Select(peer => peer.Id);

    private static IdentitySecurity SecurityOf(VirtualNode node) =>
        ((IdentityEnvelope)node.Core.State.Envelope).Security;

    private static void Report(VirtualNetwork network)
    {
        var counters = network.Nodes.Select(node => node.Core.Counters).ToArray();
        foreach (var reason in Enum.GetValues<DropReason>())
        {
            var n = counters.Sum(c => c.Dropped(reason));
            if (n > 0)
            {
                TestContext.Current.TestOutputHelper?.WriteLine($"{reason} {n}");
            }
        }

        var envelopes = network.Nodes.Select(node => node.Core.State.Envelope).OfType<IdentityEnvelope>();
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{counters.Sum(c => c.PacketsSent)} sent {counters.Sum(c => c.ExchangesStarted)} started "
            + $"{counters.Sum(c => c.ExchangesCompleted)} completed {counters.Sum(c => c.ExchangesTimedOut)} out "
            + $"{counters.Sum(c => c.Evictions)} evictions {envelopes.Sum(e => e.Handshakes)} ends of sessions");
    }

    private VirtualNetwork Make(int nodes, double loss)
    {
        var network = new VirtualNetwork(new VirtualNetworkOptions { Seed = 3, Loss = loss, Duplication = loss / 4 });
        for (var i = 0; i < nodes; i++)
        {
            Add(network, i + 1);
        }

        return network;
    }

    private VirtualNode Add(VirtualNetwork network, int number, byte[]? token = null, Revocation? revoked = null)
    {
        var security = _cluster.Security(number, token);
        if (revoked is not null)
        {
            Assert.True(security.Admission.TryRevoke(revoked.Bytes, revoked.Time, out _));
        }

        return network.Add(configure: options => options with
        {
            Identity = security,
            Self = new SelfDescription(security.Keys.Id, 1, options.Self.Addresses, []),
        });
    }
}
