using Hearsay.Protocols.Rumors;
using Hearsay.Simulation;
using static Hearsay.Protocols.Tests.Rumors.RumorFrames;
using RumorMongering = Hearsay.Protocols.Rumors.RumorProtocol;

namespace Hearsay.Protocols.Tests.Node.Guard;

/// <summary>What somebody who is nowhere says goes round in a whole network no more than at one node.</summary>
public sealed class StrangersRumorsTests
{
    /// <summary>The control: from the address of a member the same rumors go round.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Rumors_from_where_nobody_lives_are_told_on_by_no_node(bool isMember)
    {
        const int Planted = 1_000;
        const int Stranger = 5_000;
        var text = new byte[500];
        var nodes = new WholeNodes(6, network: new VirtualNetworkOptions { Seed = 3, KeepsNotices = false });
        nodes.Run(35);
        nodes.Sent.Clear();
        var member = nodes.Members[0].Node;
        for (uint i = 1; i <= 100; i++)
        {
            var target = nodes.Members[1 + ((int)i % 5)].Node;
            var from = isMember ? member.Address : VirtualNetwork.AddressOf(Stranger + (int)i);
            nodes.Inject(target, from, Bodies(1, i, RumorMessage.WantsFeedback, (Planted, i, 1, text)));
            nodes.Network.Run(WholeNodes.Cycle / 20);
        }

        nodes.Run(8);
        var origin = new byte[NodeId.SizeBytes];
        new WireWriter(origin).WriteNodeId(Lone.Id(Planted));
        Assert.Equal(isMember, nodes.Sent.SelectMany(static sent => sent.Frames())
            .Where(static frame => frame.Protocol == RumorMongering.FrameId && frame.Type == RumorMessage.Rumors)
            .Any(frame => frame.Body.AsSpan().IndexOf(origin) >= 0));
    }
}
