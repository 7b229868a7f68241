using Hearsay.Protocols.Tests.Broadcast;

namespace Hearsay.Protocols.Tests.Security;

/// <summary>Messages through whole nodes of mode key: datagrams, streams, pieces where streams are blocked.</summary>
public sealed class ProtectedBroadcastTests
{
    private const int Nodes = 8;

    [Theory]
    [InlineData(500, 0, false)]
    [InlineData(4000, 0.05, false)]
    [InlineData(1_000_000, 0, false)]
    [InlineData(300_000, 0.05, true)]
    public void A_message_reaches_all_though_every_node_changes_its_boot(int payloadBytes, double loss, bool isBlocked)
    {
        var net = new LivingNet(Nodes, 1, loss, SeededCipher.Security(3));
        net.Network.BlocksStreams = (_, _) => isBlocked;
        for (var minute = 0; minute < 3; minute++)
        {
            var id = net.Publish(net.Network.Nodes[minute], new byte[payloadBytes]);
            net.RunUntil(() => net.Deliveries(id, Nodes) == Nodes);
            Assert.Equal(Nodes, net.Deliveries(id, Nodes));
            net.Run(milliseconds: 45_000);
        }

        Assert.Equal(0, net.Network.Nodes.Sum(node => node.Core.Counters.Dropped(DropReason.NotAuthentic)));
    }

    [Fact]
    public void A_hundred_messages_a_second_without_loss_arrive_at_once_across_changes_of_boots()
    {
        var net = new LivingNet(Nodes, 2, 0, SeededCipher.Security(3));
        var late = 0;
        for (var i = 0; i < 9_000; i++)
        {
            var id = net.Publish(net.Network.Nodes[i % Nodes], new byte[100]);
            net.Run(milliseconds: 10);
            net.Run(milliseconds: 20);
            late += net.Deliveries(id, Nodes) == Nodes ? 0 : 1;
        }

        Assert.InRange(late, 0, 45);
    }
}
