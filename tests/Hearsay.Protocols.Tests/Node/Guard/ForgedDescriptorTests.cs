using Hearsay.Protocols.Sampling.Exchange;
using Hearsay.Simulation;

namespace Hearsay.Protocols.Tests.Node.Guard;

/// <summary>
/// Descriptors that name somebody else's address. Three nodes once sent it 57 datagrams of 15 kB for one of 96 bytes,
/// 42 of them of aggregation.
/// </summary>
public sealed class ForgedDescriptorTests
{
    private const int Nodes = 3;

    private static readonly NodeAddress _victim = VirtualNetwork.AddressOf(8000);

    private const int Times = 20;

    [Fact]
    public void An_address_that_is_named_again_and_again_gets_four_packets_of_each_node_and_one_may_be_long()
    {
        var nodes = new WholeNodes(Nodes);
        nodes.Run(20);
        var before = nodes.Sent.Count;
        for (var i = 0; i < Times; i++)
        {
            Forge(nodes, i);
            nodes.Run(3);
        }

        nodes.Run(30);
        var drawn = nodes.Sent.Skip(before).Where(sent => sent.To.Address == _victim).ToArray();
        Assert.NotEmpty(drawn);
        Assert.All(drawn.GroupBy(static sent => sent.From), static sent =>
        {
            Assert.InRange(sent.Count(), 1, StrangerRule.Tries);
            Assert.InRange(sent.Count(static one => one.Packet.Length > StrangerRule.SmallBytes), 0, 1);
            Assert.All(sent.Zip(sent.Skip(1)), static pair =>
                Assert.True(pair.Second.At - pair.First.At >= WholeNodes.Cycle));
        });
        Swarm.Say($"Named {Times} times: {drawn.Length} packets, {drawn.Sum(static sent => sent.Packet.Length)} bytes");
    }

    /// <summary>A push to each node of one peer more, who is said to be at the address.</summary>
    private static void Forge(WholeNodes nodes, int number)
    {
        foreach (var member in nodes.Members)
        {
            var forged = new Lone.Entry(Lone.Id(900 + number), 1, 0, new NodeAddresses(_victim));
            nodes.Inject(member.Node, VirtualNetwork.AddressOf(7000), Lone.Packet(
                Lone.Id(700), SamplingMessage.Request, body => body
                    .UInt64((ulong)number).Id(member.Node.Core.Self.Id).Byte((byte)ExchangeMode.Push).Byte(1)
                    .Entries(forged)));
        }
    }
}
