using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Broadcast.Reach;

namespace Hearsay.Protocols.Tests.Broadcast;

public sealed class BroadcastNetworkTests
{
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData(BroadcastMode.Auto, 0, 0)]
    [InlineData(BroadcastMode.Auto, 0.01, 0.2)]
    [InlineData(BroadcastMode.Auto, 0.1, 0.2)]
    [InlineData(BroadcastMode.Tree, 0.1, 0)]
    [InlineData(BroadcastMode.Hybrid, 0.1, 0)]
    [InlineData(BroadcastMode.Flood, 0.1, 0)]
    public void Every_message_reaches_every_node_once(BroadcastMode mode, double loss, double duplication)
    {
        var net = new BroadcastNet(
            100, o => o with { Mode = mode }, new() { Loss = loss, Duplication = duplication, Seed = 3 });
        var ids = new List<BroadcastId>();
        for (var i = 0; i < 40; i++)
        {
            ids.Add(net.Publish(i * 7 % 100, [(byte)i]));
            net.Network.Run(TimeSpan.FromMilliseconds(20));
        }

        net.Network.Run(20 * _second);
        Assert.All(ids, id => Assert.All(net.Deliveries(id), times => Assert.Equal(1, times)));
    }

    [Fact]
    public void A_warm_tree_sends_one_payload_to_a_node()
    {
        var net = new BroadcastNet(200);
        net.Publish(0, [0]);
        net.Network.Run(_second);
        var before = net.Sum(c => c.PayloadsSent);
        for (byte i = 1; i <= 20; i++)
        {
            net.Publish(0, [i]);
            net.Network.Run(_second);
        }

        // Delays of the same link differ from packet to packet here, so the tree is still changing now and then.
        Assert.InRange(net.Sum(c => c.PayloadsSent) - before, 20 * 199, 20 * 199 * 1.02);
    }

    [Fact]
    public void After_a_partition_everything_still_held_arrives()
    {
        var net = new BroadcastNet(60);
        net.Network.Passes = (from, to) => from.Index < 30 == to.Index < 30;
        var ids = new List<BroadcastId>();
        for (var i = 0; i < 300; i++)
        {
            ids.Add(net.Publish(i % 60, [(byte)i, (byte)(i >> 8)]));
            net.Network.Run(TimeSpan.FromMilliseconds(30));
        }

        net.Network.Run(10 * _second);
        Assert.All(ids, id => Assert.Equal(30, net.Deliveries(id).Sum()));
        net.Network.Passes = null;
        net.Network.Run(15 * _second);
        Assert.All(ids, id => Assert.All(net.Deliveries(id), times => Assert.Equal(1, times)));
    }

    [Fact]
    public void Without_repair_a_partition_leaves_holes()
    {
        var net = new BroadcastNet(60, o => o with { Repair = false });
        net.Network.Passes = (from, to) => from.Index < 30 == to.Index < 30;
        var id = net.Publish(0, [1]);
        net.Network.Run(10 * _second);
        net.Network.Passes = null;
        net.Network.Run(15 * _second);
        Assert.Equal(30, net.Deliveries(id).Sum());
    }

    [Fact]
    public void The_dead_do_not_keep_messages_from_the_living()
    {
        var net = new BroadcastNet(100);
        net.Publish(0, [0]);
        net.Network.Run(_second);
        for (var dead = 1; dead < 100; dead += 5)
        {
            net.Network.Kill(net.Network.Nodes[dead]);
        }

        // Nobody is told: the children of the dead find out by what they miss.
        for (byte i = 1; i <= 10; i++)
        {
            var id = net.Publish(0, [i]);
            net.Network.Run(_second);
            Assert.Equal(80, net.Deliveries(id).Sum());
        }
    }

    [Theory]
    [InlineData(5_000, 60, 1.15)]
    [InlineData(1_000_000, 60, 1.15)]
    [InlineData(5_000, 1000, 2)]
    [InlineData(1_000_000, 1000, 2)]
    public void A_large_message_reaches_all_and_crosses_few_links(int bytes, double size, double mostCopies)
    {
        // 60 is what nodes that have measured their number reckon with, 1,000 what they do in their first seconds: then
        // the first message of a source is pushed to all.
        var net = new BroadcastNet(
            60, o => o with { FirstSizeGuess = size }, network: new() { Loss = 0.02, Seed = 5 });
        var payload = new byte[bytes];
        new SeededRandom(1).Shuffle<byte>(payload);
        var id = net.Publish(3, payload);
        net.Network.Run(20 * _second);
        Assert.All(net.Deliveries(id), times => Assert.Equal(1, times));
        Assert.InRange((double)net.Sum(c => c.ChunkBytesSent) / bytes / 59, 1, mostCopies);
    }

    [Fact]
    public void A_large_message_survives_the_death_of_whom_it_is_fetched_from()
    {
        var net = new BroadcastNet(60);
        var id = net.Publish(0, new byte[3_000_000]);
        net.Network.Run(TimeSpan.FromMilliseconds(20));
        for (var dead = 5; dead < 60; dead += 10)
        {
            net.Network.Kill(net.Network.Nodes[dead]);
        }

        net.Network.Run(20 * _second);
        Assert.Equal(54, net.Deliveries(id).Where((_, node) => node % 10 != 5).Sum());
    }

    [Fact]
    public void Large_messages_that_need_twice_the_room_all_arrive_at_once()
    {
        var net = new BroadcastNet(40, o => o with
        {
            LargeBytes = 1_600_000, MaximumPayloadBytes = 1_000_000, FirstSizeGuess = 40, // They have measured it.
        });
        BroadcastId[] ids = [.. Enumerable.Range(0, 8).Select(i => net.Publish(5 * i, new byte[400_000 + i]))];
        net.Network.Run(10 * _second);
        Assert.All(ids, id => Assert.All(net.Deliveries(id), times => Assert.Equal(1, times)));
        Assert.Equal(0, net.Sum(c => c.LargeRefused + c.LargeExpired));
    }

    [Fact]
    public void A_message_over_the_limit_is_an_error_at_the_publisher()
    {
        var rig = new BroadcastRig(o => o with { MaximumPayloadBytes = 10_000, LargeBytes = 10_000 });
        Assert.Equal(PublishOutcome.PayloadTooLong, rig.Protocol.TryPublish(default, new byte[10_001], out _));
        Assert.Equal(PublishOutcome.TopicTooLong, rig.Protocol.TryPublish(new byte[65], default, out _));
        Assert.Empty(rig.Node.Sent);
    }

    [Theory]
    [InlineData(0.02)]
    [InlineData(0.1)]
    public void A_burst_of_one_source_arrives_whole_in_spite_of_loss(double loss)
    {
        var net = new BroadcastNet(30, network: new() { Loss = loss, Seed = 4 });
        var ids = new List<BroadcastId>();
        for (var i = 0; i < 2000; i++)
        {
            // A publisher is told when too many wait for the links, and tries again a little later.
            for (var waits = 0; net.Protocols[7].PublishesWaiting == PublishQueue.Capacity && waits < 5000; waits++)
            {
                net.Network.Run(TimeSpan.FromMilliseconds(2));
            }

            net.PublishInTurn(7, [(byte)i, (byte)(i >> 8)], ids);
            if (i % 10 == 9)
            {
                net.Network.Run(TimeSpan.FromMilliseconds(2));
            }
        }

        net.Network.Run(40 * _second);
        Assert.Equal(2000, ids.Count);
        Assert.All(ids, id => Assert.All(net.Deliveries(id), times => Assert.Equal(1, times)));
    }

    [Fact]
    [Campaign]
    public void A_flood_of_one_node_leaves_the_messages_of_the_others_alone()
    {
        var net = new BroadcastNet(60, o => o with { MessagesPerSecond = 100 });
        var ids = new List<BroadcastId>();
        for (var i = 0; i < 30; i++)
        {
            for (var flood = 0; flood < 100; flood++)
            {
                net.PublishInTurn(7, [(byte)i, (byte)flood, 7], []);
            }

            net.PublishInTurn(8 + i, [(byte)i], ids);
            net.Network.Run(TimeSpan.FromMilliseconds(100));
        }

        net.Network.Run(20 * _second);
        Assert.Equal(30, ids.Count);
        Assert.All(ids, id => Assert.All(net.Deliveries(id), times => Assert.Equal(1, times)));
        Assert.True(net.Sum(c => c.RateLimited) > 0);
    }
}
