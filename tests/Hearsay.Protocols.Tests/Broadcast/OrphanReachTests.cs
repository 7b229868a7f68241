using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Broadcast.Reach;
using static Hearsay.Protocols.Tests.Broadcast.BroadcastRig;

namespace Hearsay.Protocols.Tests.Broadcast;

/// <summary>How far a message got, where those who brought it are gone.</summary>
public sealed class OrphanReachTests
{
    private const ulong Stranger = 0x1234;

    [Fact]
    public void Whose_parent_is_gone_is_counted_by_another_way()
    {
        var net = new BroadcastNet(100);
        var id = net.Publish(9, [1], isTracked: true);
        net.Network.Run(TimeSpan.FromMilliseconds(40));

        // Five of the publisher's six links close before anything was acknowledged over them.
        foreach (var other in new[] { 10, 8, 2, 40, 78 })
        {
            Cut(net, 9, other);
        }

        Assert.Equal(1, net.Protocols[9].ReachOf(id));
        net.Network.Run(5 * Second);
        Assert.Equal(100, net.Deliveries(id).Sum());
        Assert.Equal(100, net.Protocols[9].ReachOf(id));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Nobody_is_counted_twice_whatever_links_close_while_numbers_are_under_way(ulong seed)
    {
        var net = new BroadcastNet(100, network: new() { Loss = 0.02 });
        var random = SeededRandom.For(seed, 0, 0, 0);
        var id = net.Publish(0, [1], isTracked: true);
        var (most, before) = (0L, 0L);
        for (var turn = 0; turn < 500; turn++)
        {
            if (turn < 60)
            {
                var node = (int)(100 * random.NextDouble());
                var slot = (int)(6 * random.NextDouble());
                if (System.Numerics.BitOperations.PopCount(net.Neighbours[node].Up) > 3
                    && (net.Neighbours[node].Up & (1u << slot)) != 0)
                {
                    Cut(net, node, NumberOf(net.Neighbours[node][slot]));
                }
            }

            net.Network.Run(TimeSpan.FromMilliseconds(10));
            var now = net.Protocols[0].ReachOf(id);
            Assert.True(now >= before, $"{before} nodes, then {now}");
            (most, before) = (Math.Max(most, now), now);
        }

        Assert.Equal(100, net.Deliveries(id).Sum());
        Assert.InRange(most, 90, 100);
    }

    [Fact]
    public void What_the_parent_was_not_told_goes_to_all_neighbours_under_the_own_id()
    {
        var rig = new BroadcastRig();
        var message = Message(50, 1, kind: MessageFrame.Tracked);
        rig.Push(1, message);
        rig.Receive(2, BroadcastFrame.Reach, Reach(IdOf(message), 5));
        rig.Advance(60);
        Assert.Single(rig.Sent(1, BroadcastFrame.Reach));
        rig.Neighbours.Remove(0);
        rig.Advance(5000);
        Assert.Empty(rig.Sent(2, BroadcastFrame.OrphanReach));

        // Six were told to the parent, which may have passed that on.
        rig.Receive(2, BroadcastFrame.Reach, Reach(IdOf(message), 8));
        rig.Advance(60);
        var orphan = Lone.Id(0).Low;
        Assert.Equal(Orphan(IdOf(message), orphan, 3, 0), Assert.Single(rig.Sent(2, BroadcastFrame.OrphanReach)));
        Assert.Equal(Orphan(IdOf(message), orphan, 3, 0), Assert.Single(rig.Sent(4, BroadcastFrame.OrphanReach)));
        rig.Advance(5000);
        Assert.Equal(
            [0, 1, 2], rig.Sent(4, BroadcastFrame.OrphanReach).Select(static body => (int)body[^1]));
        Assert.Empty(rig.Sent(1, BroadcastFrame.OrphanReach));
    }

    [Fact]
    public void A_new_link_is_told_of_what_no_parent_heard()
    {
        var rig = new BroadcastRig();
        var message = Message(50, 1, kind: MessageFrame.Tracked);
        rig.Push(1, message);
        rig.Neighbours.Remove(0);
        rig.Advance(5000);
        rig.Forget();
        rig.Neighbours.Put(0, PeerOf(1), RoundTrip);
        rig.Advance(60);
        Assert.Equal(
            Orphan(IdOf(message), Lone.Id(0).Low, 1, 3), Assert.Single(rig.Sent(1, BroadcastFrame.OrphanReach)));
    }

    [Fact]
    public void An_orphan_is_passed_on_to_the_parent_once()
    {
        var rig = new BroadcastRig();
        var message = Message(50, 1, kind: MessageFrame.Tracked);
        rig.Push(1, message);
        rig.Receive(2, BroadcastFrame.OrphanReach, Orphan(IdOf(message), Stranger, 3, 0));
        rig.Receive(3, BroadcastFrame.OrphanReach, Orphan(IdOf(message), Stranger, 3, 0));
        Assert.Equal(
            Orphan(IdOf(message), Stranger, 3, 0), Assert.Single(rig.Sent(1, BroadcastFrame.OrphanReach)));
        rig.Receive(3, BroadcastFrame.OrphanReach, Orphan(IdOf(message), Stranger, 3, 1));
        Assert.Equal(2, rig.Sent(1, BroadcastFrame.OrphanReach).Count);
        Assert.Empty(rig.Sent(2, BroadcastFrame.OrphanReach));
        rig.Receive(2, BroadcastFrame.OrphanReach, Orphan(IdOf(message), Lone.Id(0).Low, 100, 9));
        Assert.Equal(2, rig.Sent(1, BroadcastFrame.OrphanReach).Count);

        // The parent has no way up, or it would not have come from there.
        rig.Receive(1, BroadcastFrame.OrphanReach, Orphan(IdOf(message), Stranger, 3, 2));
        Assert.Equal(
            (2, 1, 1, 1),
            (rig.Sent(1, BroadcastFrame.OrphanReach).Count, rig.Sent(2, BroadcastFrame.OrphanReach).Count,
                rig.Sent(3, BroadcastFrame.OrphanReach).Count, rig.Sent(4, BroadcastFrame.OrphanReach).Count));

        // It is not behind this node: the parent is told of this node alone.
        rig.Advance(60);
        Assert.Equal(Reach(IdOf(message), 1), Assert.Single(rig.Sent(1, BroadcastFrame.Reach)));
    }

    [Fact]
    public void The_publisher_counts_an_orphan_once_and_the_larger_number()
    {
        var rig = new BroadcastRig();
        var (id, told) = Publish(rig);
        rig.Receive(1, BroadcastFrame.Reach, Reach(id, 2));
        rig.Receive(2, BroadcastFrame.OrphanReach, Orphan(id, Stranger, 3, 0));
        rig.Receive(3, BroadcastFrame.OrphanReach, Orphan(id, Stranger, 3, 0));
        rig.Receive(3, BroadcastFrame.OrphanReach, Orphan(id, Stranger, 5, 0));
        rig.Receive(4, BroadcastFrame.OrphanReach, Orphan(id, Stranger, 3, 7));
        Assert.Equal([1, 3, 6, 8], told);
        Assert.Empty(rig.Sent(1, BroadcastFrame.OrphanReach));
        rig.Receive(4, BroadcastFrame.OrphanReach, [1, 2, 3]);
        rig.Receive(77, BroadcastFrame.OrphanReach, Orphan(id, 5, 3, 7));
        Assert.Equal((1, 1, 8), (rig.Counters.Malformed, rig.Counters.Strangers, rig.Protocol.ReachOf(id)));
    }

    [Fact]
    public void Of_a_message_so_many_orphans_count_and_the_others_are_counted_as_refused()
    {
        var rig = new BroadcastRig();
        var (id, _) = Publish(rig);
        for (var orphan = 0; orphan < ReachRecord.MaximumOrphans + 3; orphan++)
        {
            rig.Receive(1, BroadcastFrame.OrphanReach, Orphan(id, Stranger + (ulong)orphan, 1, 0));
        }

        Assert.Equal(1 + ReachRecord.MaximumOrphans, rig.Protocol.ReachOf(id));
        Assert.Equal(3, rig.Counters.OrphansRefused);
        rig.Receive(1, BroadcastFrame.OrphanReach, Orphan(id, Stranger, 2, 0));
        Assert.Equal(2 + ReachRecord.MaximumOrphans, rig.Protocol.ReachOf(id));
    }

    [Fact]
    public void Who_takes_the_place_of_a_neighbour_begins_at_nothing()
    {
        var rig = new BroadcastRig();
        var (id, _) = Publish(rig);
        rig.Receive(1, BroadcastFrame.Reach, Reach(id, 5));
        rig.Neighbours.Remove(0);
        rig.Neighbours.Put(0, PeerOf(1), RoundTrip);
        Assert.Equal(6, rig.Protocol.ReachOf(id));
        rig.Receive(1, BroadcastFrame.Reach, Reach(id, 2));
        Assert.Equal(8, rig.Protocol.ReachOf(id));
    }

    [Fact]
    public void Who_leaves_tells_at_once_and_is_told_no_more()
    {
        var rig = new BroadcastRig();
        var message = Message(50, 1, kind: MessageFrame.Tracked);
        rig.Push(1, message);
        rig.Node.Core.Post(rig.Node.Now, BroadcastFrame.Protocol, new HandOverCommand(Second, static _ => { }));
        Assert.Equal(Reach(IdOf(message), 1), Assert.Single(rig.Sent(1, BroadcastFrame.Reach)));

        var child = new BroadcastRig();
        child.Push(1, message);
        child.Receive(1, BroadcastFrame.Farewell, [0, .. SourceBody(1), .. new byte[7], 1, 0, 0, 0, 0]);
        child.Advance(60);
        Assert.Empty(child.Sent(1, BroadcastFrame.Reach));
        Assert.Single(child.Sent(2, BroadcastFrame.OrphanReach));
    }

    private static void Cut(BroadcastNet net, int one, int other)
    {
        net.Neighbours[one].Remove(net.Neighbours[one].Find(Lone.Id(other)));
        net.Neighbours[other].Remove(net.Neighbours[other].Find(Lone.Id(one)));
    }

    private static int NumberOf(in Peer peer)
    {
        var id = peer.Id;
        return Enumerable.Range(0, 100).First(number => Lone.Id(number) == id);
    }

    private static (BroadcastId Id, List<long> Told) Publish(BroadcastRig rig)
    {
        var (name, told) = (default(BroadcastId), new List<long>());
        rig.Protocol.OnCommand(null!, new PublishCommand(
            "t"u8.ToArray(), new byte[3], (_, id) => name = id, IsTracked: true,
            Reached: (nodes, _) => told.Add(nodes)));
        rig.Advance(0);
        return (name, told);
    }

    private static byte[] Reach(BroadcastId id, uint count) => [.. Names(id), .. Number(count)];

    private static byte[] Orphan(BroadcastId id, ulong orphan, uint count, byte round) =>
        [.. Names(id), .. Number((uint)(orphan >> 32)), .. Number((uint)orphan), .. Number(count), round];

    private static byte[] Number(uint number) =>
        [(byte)(number >> 24), (byte)(number >> 16), (byte)(number >> 8), (byte)number];
}
