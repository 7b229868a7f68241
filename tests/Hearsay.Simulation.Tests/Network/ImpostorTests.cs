using Hearsay.Protocols;
using Hearsay.Tests;

namespace Hearsay.Simulation.Tests.Network;

/// <summary>
/// A member that says in everything it sends that it is another one: with a higher incarnation, at its own address,
/// with metadata of its own. Then it leaves in the other's name.
/// </summary>
public sealed class ImpostorTests
{
    private const int Members = 8;
    private const int Victim = 5;

    private readonly SeededIdentities _cluster = new();

    [Fact]
    public void In_mode_identity_its_descriptors_metadata_and_leave_notice_count_for_nothing()
    {
        var network = Attack(isIdentity: true, out var wrong);
        Assert.Equal(0, wrong);

        // What it said was counted.
        var counted = network.Nodes.Sum(node => node.Core.Counters.Dropped(DropReason.NotItsOwn));
        Assert.True(counted > 5, $"{counted}");

        // Whoever asks for the metadata of the victim gets those of the victim.
        foreach (var node in Honest(network))
        {
            var asked = node.Core.View.Copy().Single(peer => peer.Id == Id(network));
            network.Command(node, (core, now) => core.FetchMetadata(now, asked));
        }

        network.Run(TimeSpan.FromSeconds(5));
        Assert.All(Honest(network), node => Assert.Equal(
            "mine"u8.ToArray(), Assert.Single(node.MetadataAnswers, answer => answer.Id == Id(network)).Metadata));
        Assert.Equal(SeededIdentities.Keys(Victim + 1).Id, network.Nodes[Victim].Core.Self.Id);
        Assert.Equal(Members - 1, network.Nodes[Victim].Core.View.Count);
    }

    [Fact]
    public void In_mode_key_it_takes_the_victim_away()
    {
        // The control: the same node is believed where all members have the same key.
        Attack(isIdentity: false, out var wrong);
        Assert.True(wrong > 20, $"{wrong}");
    }

    /// <param name="isIdentity">The mode; mode key otherwise.</param>
    /// <param name="wrong">How often a node had lost the victim, or knew what the impostor said of it.</param>
    private VirtualNetwork Attack(bool isIdentity, out int wrong)
    {
        var network = new VirtualNetwork(new VirtualNetworkOptions { Seed = 3 });
        for (var i = 0; i < Members; i++)
        {
            Add(network, isIdentity, incarnation: 1, "mine"u8, victim: null);
        }

        network.Run(TimeSpan.FromSeconds(40));
        var impostor = Add(network, isIdentity, incarnation: 9, "lies"u8, victim: network.Nodes[Victim]);
        wrong = 0;
        for (var i = 0; i < 150; i++)
        {
            if (i == 100)
            {
                network.Leave(impostor);
            }

            network.Run(TimeSpan.FromMilliseconds(100));
            wrong += Honest(network).Count(node => !KnowsVictim(network, node));
        }

        return network;
    }

    private VirtualNode Add(
        VirtualNetwork network, bool isIdentity, ulong incarnation, ReadOnlySpan<byte> metadata, VirtualNode? victim)
    {
        var (number, text) = (network.Nodes.Count + 1, metadata.ToArray());
        return network.Add(configure: options =>
        {
            var security = isIdentity ? _cluster.Security(number) : null;
            var id = victim?.Core.Self.Id ?? security?.Keys.Id ?? options.Self.Id;
            return options with
            {
                Identity = security,
                Security = isIdentity ? null : SeededCipher.Security((ulong)number),
                Self = new SelfDescription(id, incarnation, options.Self.Addresses, text),
            };
        });
    }

    private static NodeId Id(VirtualNetwork network) => network.Nodes[Victim].Options.Self.Id;

    /// <summary>All but the victim and the impostor.</summary>
    private static IEnumerable<VirtualNode> Honest(VirtualNetwork network) =>
        network.Nodes.Where(static node => node.Index is not Victim and < Members);

    private static bool KnowsVictim(VirtualNetwork network, VirtualNode node) => node.Core.View.Copy().Any(
        peer => peer.Id == Id(network) && peer.Address == network.Nodes[Victim].Address
            && !peer.Metadata.Span.SequenceEqual("lies"u8));
}
