using Hearsay.Protocols.Broadcast;
using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Broadcast.Reach;
using Hearsay.Protocols.Transfer;
using static Hearsay.Protocols.Tests.Broadcast.BroadcastRig;

namespace Hearsay.Protocols.Tests.Broadcast;

/// <summary>How far a message got, as its publisher is told.</summary>
public sealed class BroadcastReachTests
{
    private static readonly byte[] _topic = "t"u8.ToArray();

    [Theory]
    [InlineData(0, 100)]
    [InlineData(0.1, 90)]
    public void A_publisher_learns_how_far_its_message_got(double loss, int atLeast)
    {
        var net = new BroadcastNet(100, network: new() { Loss = loss });
        var id = net.Publish(9, [1, 2], isTracked: true);
        net.Network.Run(5 * Second);
        Assert.InRange(net.Protocols[9].ReachOf(id), atLeast, 100);
    }

    [Fact]
    public void The_reach_of_a_partitioned_message_is_that_of_its_part()
    {
        var net = new BroadcastNet(60);
        net.Network.Passes = (from, to) => from.Index < 20 == to.Index < 20;
        var id = net.Publish(0, [1], isTracked: true);
        net.Network.Run(5 * Second);
        Assert.Equal(20, net.Protocols[0].ReachOf(id));
    }

    [Fact]
    public void A_large_message_is_acknowledged_by_all_who_have_it_whole()
    {
        var net = new BroadcastNet(60);
        var id = net.Publish(0, new byte[300_000], isTracked: true);
        net.Network.Run(20 * Second);
        Assert.Equal(60, net.Protocols[0].ReachOf(id));
    }

    [Fact]
    public void The_manifest_of_a_large_message_is_not_acknowledged()
    {
        var rig = new BroadcastRig();
        var payload = new byte[10_000];
        var manifest = Message(
            50, 1, TransferManifest.Make(payload, 10_000), MessageFrame.Large | MessageFrame.Tracked);
        rig.Push(1, manifest);
        rig.Advance(500);
        Assert.Empty(rig.Sent(1, BroadcastFrame.Reach));
        rig.Receive(1, BroadcastFrame.Chunk, [.. Names(IdOf(manifest)), 0, 0, .. payload]);
        rig.Advance(60);
        Assert.Equal(Reach(IdOf(manifest), 1), Assert.Single(rig.Sent(1, BroadcastFrame.Reach)));
    }

    [Fact]
    public void Numbers_are_passed_on_as_a_sum_and_told_again_against_loss()
    {
        var rig = new BroadcastRig();
        var message = Message(50, 1, kind: MessageFrame.Tracked);
        rig.Push(1, message);
        rig.Receive(2, BroadcastFrame.Reach, Reach(IdOf(message), 5));
        rig.Receive(3, BroadcastFrame.Reach, Reach(IdOf(message), 7));
        rig.Advance(60);
        Assert.Equal(Reach(IdOf(message), 13), Assert.Single(rig.Sent(1, BroadcastFrame.Reach)));
        rig.Advance(5000);
        Assert.Equal(3, rig.Sent(1, BroadcastFrame.Reach).Count);
    }

    /// <summary>
    /// Somebody who knows the numbers of links gives one message to three nodes, to each in the name of another: each
    /// takes the next one for its parent, and the numbers go round and grow.
    /// </summary>
    [Fact]
    public void Numbers_that_go_round_in_a_circle_are_told_ever_more_seldom_and_not_for_ever()
    {
        BroadcastRig[] nodes = [.. Enumerable.Range(0, 3).Select(
            self => new BroadcastRig(o => o with { Retention = 20 * Second }, neighbours: 2, self: self))];
        var message = Message(50, 1, kind: MessageFrame.Tracked);
        for (var node = 0; node < 3; node++)
        {
            nodes[node].Push((node + 1) % 3, message);
        }

        var (read, after45) = (new int[3], new int[3]);
        for (var turn = 0; turn < 6000; turn++)
        {
            for (var node = 0; node < 3; node++)
            {
                var parent = (node + 1) % 3;
                var sent = nodes[node].Sent(parent, BroadcastFrame.Reach);
                for (; read[node] < sent.Count; read[node]++)
                {
                    nodes[parent].Receive(node, BroadcastFrame.Reach, sent[read[node]]);
                }
            }

            Array.ForEach(nodes, static node => node.Advance(10));
            after45 = turn == 4500 ? [.. read] : after45;
        }

        Swarm.Say($"In a minute {string.Join(", ", read)} times.");
        Assert.All(read, static times => Assert.InRange(times, 16, 150));
        Assert.Equal(after45, read);
    }

    [Fact]
    public void Old_doubled_and_strange_numbers_change_nothing()
    {
        var rig = new BroadcastRig();
        var message = Message(50, 1, kind: MessageFrame.Tracked);
        rig.Push(1, message);
        rig.Receive(2, BroadcastFrame.Reach, Reach(IdOf(message), 5));
        rig.Receive(2, BroadcastFrame.Reach, Reach(IdOf(message), 5));
        rig.Receive(2, BroadcastFrame.Reach, Reach(IdOf(message), 3));
        rig.Receive(1, BroadcastFrame.Reach, Reach(IdOf(message), 1000));
        rig.Receive(77, BroadcastFrame.Reach, Reach(IdOf(message), 1000));
        rig.Receive(2, BroadcastFrame.Reach, Reach(new BroadcastId(9, 9), 1000));
        Assert.Equal(6, rig.Protocol.ReachOf(IdOf(message)));
        rig.Receive(2, BroadcastFrame.Reach, [1, 2, 3]);
        Assert.Equal((1, 1), (rig.Counters.Malformed, rig.Counters.Strangers));
    }

    [Fact]
    public void A_number_without_bounds_is_cut()
    {
        var rig = new BroadcastRig();
        var (id, _) = Publish(rig);
        for (var slot = 1; slot <= 4; slot++)
        {
            rig.Receive(slot, BroadcastFrame.Reach, Reach(id, uint.MaxValue));
        }

        Assert.Equal(1 + (4L << 30), rig.Protocol.ReachOf(id));
    }

    [Fact]
    public void The_publisher_is_told_of_every_change_and_at_last_that_it_is_over()
    {
        var rig = new BroadcastRig();
        var (id, told) = Publish(rig);
        rig.Receive(1, BroadcastFrame.Reach, Reach(id, 3));
        rig.Receive(1, BroadcastFrame.Reach, Reach(id, 3));
        rig.Receive(2, BroadcastFrame.Reach, Reach(id, 2));
        for (var newer = 0; newer < ReachTracker.MaximumTracked; newer++)
        {
            Assert.NotEqual(0, rig.Protocol.ReachOf(id));
            Publish(rig);
        }

        Assert.Equal([1, 4, 6, 0], told);
        Assert.Equal((0, 1), (rig.Protocol.ReachOf(id), rig.Counters.ReachForgotten));
    }

    private static (BroadcastId Id, List<long> Told) Publish(BroadcastRig rig)
    {
        var (name, told) = (default(BroadcastId), new List<long>());
        rig.Protocol.OnCommand(null!, new PublishCommand(
            _topic, new byte[3], (_, id) => name = id, IsTracked: true, Reached: (nodes, _) => told.Add(nodes)));
        rig.Advance(0);
        return (name, told);
    }

    private static byte[] Reach(BroadcastId id, uint count) =>
        [.. Names(id), (byte)(count >> 24), (byte)(count >> 16), (byte)(count >> 8), (byte)count];
}
