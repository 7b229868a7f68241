using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Simulation;

namespace Hearsay.Protocols.Tests.Broadcast;

/// <summary>A node joins, publishes at once and leaves at once: everybody else has the message.</summary>
public sealed class LeavingPublisherTests
{
    private const int Nodes = 8;

    [Theory]
    [InlineData(20, 0)]
    [InlineData(4000, 0)]
    [InlineData(3_000_000, 0)]
    [InlineData(20, 0.1)]
    [InlineData(4000, 0.1)]
    [InlineData(3_000_000, 0.1)]
    public void What_is_published_when_the_first_peer_is_known_reaches_all_though_its_publisher_leaves(
        int payloadBytes, double loss)
    {
        for (ulong seed = 1; seed <= 5; seed++)
        {
            var net = new LivingNet(Nodes, seed, loss);
            var newcomer = net.Join();
            Assert.True(net.RunUntil(() => newcomer.Core.View.Count > 0));
            var id = net.Publish(newcomer, new byte[payloadBytes]);
            Assert.Empty(net.Leave(newcomer));
            net.Run(milliseconds: 10_000);
            Assert.Equal(Nodes, net.Deliveries(id, Nodes));
        }
    }

    [Theory]
    [InlineData(20)]
    [InlineData(3_000_000)]
    public void Without_handing_over_it_reaches_nobody(int payloadBytes)
    {
        var net = new LivingNet(Nodes, 1, 0);
        var newcomer = net.Join();
        Assert.True(net.RunUntil(() => newcomer.Core.View.Count > 0));
        var id = net.Publish(newcomer, new byte[payloadBytes]);
        net.Network.Leave(newcomer);
        net.Run(milliseconds: 10_000);
        Assert.Equal(0, net.Deliveries(id, Nodes));
    }

    [Theory]
    [InlineData(4000, 0.1, 500)]
    [InlineData(3_000_000, 0, 500)]
    [InlineData(3_000_000, 0.1, 10_000)]
    public void With_its_links_up_a_publisher_leaves_as_soon_as_its_message_has_arrived(
        int payloadBytes, double loss, double atMostMilliseconds)
    {
        for (ulong seed = 1; seed <= 5; seed++)
        {
            var net = new LivingNet(Nodes, seed, loss);
            var newcomer = net.Join();
            net.Run(milliseconds: 2500);
            var start = net.Network.Now;
            var id = net.Publish(newcomer, new byte[payloadBytes]);
            Assert.Empty(net.Leave(newcomer));
            Assert.InRange((net.Network.Now - start).TotalMilliseconds, 1, atMostMilliseconds);
            net.Run(milliseconds: 10_000);
            Assert.Equal(Nodes, net.Deliveries(id, Nodes));
        }
    }

    [Fact]
    public void All_nodes_of_a_network_leave_at_once_without_waiting_for_each_other()
    {
        var net = new LivingNet(Nodes, 1, 0);
        for (var i = 0; i < Nodes; i++)
        {
            net.Publish(net.Network.Nodes[i], [(byte)i]);
        }

        var start = net.Network.Now;
        var left = 0;
        foreach (var node in net.Network.Nodes)
        {
            net.Network.Command(node, (core, now) => core.Post(
                now, BroadcastFrame.Protocol, new HandOverCommand(TimeSpan.FromSeconds(20), _ => left++)));
        }

        Assert.True(net.RunUntil(() => left == Nodes));
        Assert.InRange((net.Network.Now - start).TotalMilliseconds, 1, 200);
    }

    [Fact]
    public void A_publisher_whose_neighbours_are_all_dead_says_what_nobody_has()
    {
        var net = new LivingNet(Nodes, 1, 0);
        foreach (var node in net.Network.Nodes.Skip(1))
        {
            net.Network.Kill(node);
        }

        var id = net.Publish(net.Network.Nodes[0], [1]);
        Assert.Equal([id], net.Leave(net.Network.Nodes[0]));
    }
}
