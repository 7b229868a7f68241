using Hearsay.Protocols.Tests.Broadcast;

namespace Hearsay.Protocols.Tests.Node.Pieces;

/// <summary>
/// A firewall passes UDP and not TCP, around one node or between all: what is longer than a datagram arrives as well.
/// </summary>
public sealed class BlockedStreamsNetworkTests
{
    private const int Nodes = 8;

    [Theory]
    [InlineData(2000, 0, false)]
    [InlineData(4000, 0.05, false)]
    [InlineData(300_000, 0, true)]
    [InlineData(300_000, 0.05, true)]
    [InlineData(3_000_000, 0, false)]
    public void Messages_longer_than_a_datagram_reach_a_node_without_streams(
        int payloadBytes, double loss, bool isEverybodyBlocked)
    {
        for (ulong seed = 1; seed <= 3; seed++)
        {
            var net = new LivingNet(Nodes, seed, loss);
            net.Network.BlocksStreams = (from, to) => isEverybodyBlocked || from.Index == 3 || to.Index == 3;
            var id = net.Publish(net.Network.Nodes[0], new byte[payloadBytes]);
            net.RunUntil(() => net.Deliveries(id, Nodes) == Nodes);
            Assert.Equal(Nodes, net.Deliveries(id, Nodes));
            var counters = net.Network.Nodes[3].Core.Counters;
            Assert.True(counters.PiecedReceived > 0);
            Assert.Equal(0, counters.PiecedGivenUp);
        }
    }

    [Fact]
    public void What_a_node_without_streams_publishes_reaches_all_though_it_leaves_at_once()
    {
        var net = new LivingNet(Nodes, 1, 0.05);
        net.Network.BlocksStreams = (from, to) => from.Index == 3 || to.Index == 3;
        var id = net.Publish(net.Network.Nodes[3], new byte[100_000]);
        Assert.Empty(net.Leave(net.Network.Nodes[3]));
        net.Run(milliseconds: 10_000);
        Assert.Equal(Nodes, net.Deliveries(id, Nodes));
    }

    [Fact]
    public void Without_pieces_it_gets_none()
    {
        var net = new LivingNet(Nodes, 1, 0);
        net.Network.BlocksStreams = (from, to) => from.Index == 3 || to.Index == 3;
        net.Network.TellsBlockedStreams = false;
        var id = net.Publish(net.Network.Nodes[0], new byte[4000]);
        Assert.False(net.RunUntil(() => net.Deliveries(id, Nodes) == Nodes));
        Assert.Equal(Nodes - 1, net.Deliveries(id, Nodes));
    }
}
