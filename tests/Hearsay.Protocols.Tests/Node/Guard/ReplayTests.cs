using Hearsay.Protocols.Aggregation.Definitions;
using Hearsay.Protocols.Wire;
using Hearsay.Simulation;
using static Hearsay.Protocols.Tests.Node.Guard.WholeNodes;

namespace Hearsay.Protocols.Tests.Node.Guard;

/// <summary>
/// Somebody sees all the traffic and sends it again: link numbers, nonces and tokens in it are right.
/// </summary>
public sealed class ReplayTests
{
    private const int Nodes = 6;

    private static readonly AggregateDefinition _mean = new("mean", AggregateKind.Average);

    /// <summary>What is sent again, from where, and how much later in tenths of a cycle.</summary>
    [Theory]
    [InlineData("from an address that never answers", 1)]
    [InlineData("from an address that never answers", 20)]
    [InlineData("from where it came", 1)]
    [InlineData("from where it came", 20)]
    public void All_datagrams_sent_again_draw_no_more_than_they_bring_and_change_no_result(string how, int later)
    {
        var isForeign = how == "from an address that never answers";
        var nodes = new WholeNodes(Nodes, network: new VirtualNetworkOptions { Seed = 5, KeepsNotices = false });
        nodes.Run(32);
        var (rule, waiting) = (new StrangerRule(nodes), new Queue<(Instant At, Sending Sent)>());
        var (read, number, thrown, drawn) = (nodes.Sent.Count, 0, 0L, 0L);
        for (var tenth = 0; tenth < 100; tenth++)
        {
            nodes.Network.Run(Cycle / 10);
            for (; read < nodes.Sent.Count; read++)
            {
                // A look at an address that never answers goes nowhere; the rule judges it.
                var to = nodes.Sent[read].To;
                if (to.Kind == LinkKind.Datagram
                    && nodes.Members.Any(member => member.Node.Address == to.Address))
                {
                    waiting.Enqueue((nodes.Sent[read].At + (later * Cycle / 10), nodes.Sent[read]));
                }
            }

            while (waiting.TryPeek(out var next) && next.At <= nodes.Network.Now)
            {
                var (packet, from) = (waiting.Dequeue().Sent.Packet, next.Sent.From);
                var target = nodes.Members.Single(member => member.Node.Address == next.Sent.To.Address).Node;
                var source = isForeign ? VirtualNetwork.AddressOf(9000 + number++) : from.Address;
                var before = nodes.Sent.Count;
                var broken = rule.Hit(target, source, packet);
                Assert.True(!isForeign || broken is null, broken);
                thrown += packet.Length;
                drawn += nodes.Sent.Skip(before).Sum(static sent => (long)sent.Packet.Length);
                read = Math.Max(read, nodes.Sent.Count);
            }
        }

        nodes.Run(2, isBusy: false);
        Swarm.Say($"{how}, {later} tenths of a cycle later: {rule.Hits} datagrams of {thrown} bytes drew {drawn}.");
        Assert.True(rule.Hits > 500, $"{rule.Hits} datagrams");
        Assert.InRange(drawn, 0, thrown);
        Assert.Null(isForeign ? rule.Judge() : null);
        Assert.All(nodes.Members, static member => Assert.Equal(Nodes - 1, member.Neighbours.Count));
        Assert.All(nodes.Members, member => Assert.Equal(
            2.5, member.Aggregation.Table.Find(AggregateDefinitionCodec.IdOf(_mean))!.State.Value, 1e-3));
    }

    /// <summary>A proof is good for the address that was asked for it.</summary>
    [Fact]
    public void The_echo_of_another_proves_no_address_and_guesses_do_not_either()
    {
        var nodes = new WholeNodes(2, network: new VirtualNetworkOptions { Seed = 5, KeepsNotices = false });
        var echoes = new List<byte[]>();
        foreach (var member in nodes.Members)
        {
            member.Node.OnSend = (to, packet) => echoes.Add(packet);
        }

        nodes.Network.Run(3 * Cycle);
        var target = nodes.Members[0].Node;
        var stranger = VirtualNetwork.AddressOf(9000);

        // It has asked the stranger for a proof.
        nodes.Network.Inject(target, new Link(stranger, LinkKind.Datagram), Packet(
            new NodeId(7, 7), (Frame.Node, Frame.Padding, new byte[64])));
        var seen = echoes.Count;
        foreach (var packet in echoes.Take(seen).ToArray())
        {
            nodes.Network.Inject(target, new Link(stranger, LinkKind.Datagram), packet);
        }

        var random = new SeededRandom(3);
        for (var guess = 0; guess < 20_000; guess++)
        {
            var number = new byte[8];
            foreach (ref var one in number.AsSpan())
            {
                one = (byte)random.Below(256);
            }

            nodes.Network.Inject(target, new Link(stranger, LinkKind.Datagram), Packet(
                new NodeId(7, 7), (Frame.Node, Frame.Echo, number)));
        }

        Assert.True(seen > 10);
        Assert.False(target.Core.State.Guard.IsProven(stranger, target.LocalNow));
        Assert.True(target.Core.State.Guard.IsProven(nodes.Members[1].Node.Address, target.LocalNow));
    }
}
