using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Simulation;
using static Hearsay.Protocols.Tests.Broadcast.BroadcastRig;

namespace Hearsay.Protocols.Tests.Broadcast;

/// <summary>Who was away until all was gone is told how much, though nobody publishes any more.</summary>
public sealed class SilentSourceTests
{
    private const int Nodes = 8;
    private const int Away = Nodes - 1;
    private const int Origin = 50;

    [Theory]
    [InlineData("asleep", 0)]
    [InlineData("asleep", 0.1)]
    [InlineData("cut off", 0)]
    [InlineData("cut off", 0.1)]
    public void A_node_that_was_away_longer_than_the_retention_is_told_what_it_missed(string why, double loss)
    {
        for (ulong seed = 1; seed <= 3; seed++)
        {
            var net = new LivingNet(Nodes, seed, loss);
            Publish(net, 5);
            net.Run(milliseconds: 5000);
            BeAway(net, why, TimeSpan.FromMinutes(4), () => Publish(net, 10));
            net.Run(milliseconds: 90_000);
            Assert.All(Enumerable.Range(0, Nodes), node => Assert.Equal(node == Away ? 40 : 0, net.Lost(node)));

            // What comes later comes, and what was told is not told again.
            var later = net.Publish(net.Network.Nodes[0], [1]);
            net.Run(milliseconds: 180_000);
            Assert.Equal(Nodes, net.Deliveries(later, Nodes));
            Assert.Equal(40, net.Lost(Away));
        }
    }

    [Theory]
    [InlineData("asleep")]
    [InlineData("cut off")]
    public void One_that_is_back_in_time_gets_all_of_it_and_is_told_nothing(string why)
    {
        var net = new LivingNet(Nodes, 1, 0);
        Publish(net, 5);
        net.Run(milliseconds: 5000);
        var id = default(BroadcastId);
        BeAway(net, why, TimeSpan.FromSeconds(50), () => id = net.Publish(net.Network.Nodes[0], [1]));
        net.Run(milliseconds: 240_000);
        Assert.Equal(Nodes, net.Deliveries(id, Nodes));
        Assert.Equal(0, net.Lost(Away));
    }

    [Fact]
    public void A_group_that_was_cut_off_together_is_told()
    {
        var net = new LivingNet(Nodes, 1, 0);
        Publish(net, 5);
        net.Run(milliseconds: 5000);
        var partition = new Partition(PartitionKind.Full, [4, 5, 6, 7]);
        net.Network.Begin(partition);
        net.Run(milliseconds: 30_000);
        Publish(net, 10);
        net.Run(milliseconds: 200_000);
        net.Network.End(partition);
        net.Run(milliseconds: 180_000);
        Assert.All(Enumerable.Range(0, Nodes), node => Assert.Equal(node >= 4 ? 40 : 0, net.Lost(node)));
    }

    [Fact]
    public void What_is_news_to_a_node_it_tells_its_old_neighbours_too_and_only_for_a_while()
    {
        var rig = new BroadcastRig(o => o with { RepairInterval = 2 * Second });
        rig.Push(1, Message(Origin, 3));
        rig.Advance(120_000);
        var digest = SilentDigest(Origin, 9).AsSpan(1).ToArray();
        rig.Receive(2, BroadcastFrame.Digest, SilentDigest(Origin, 9));
        rig.Forget();
        rig.Advance(20_000);
        Assert.Contains(Enumerable.Range(1, 4), peer => peer != 2 && Tells(peer));
        rig.Advance(40_000);
        rig.Forget();
        rig.Advance(20_000);
        Assert.DoesNotContain(Enumerable.Range(1, 4), Tells);

        bool Tells(int peer) => rig.Sent(peer, BroadcastFrame.Digest)
            .Exists(body => body.AsSpan().IndexOf(digest) >= 0);
    }

    [Fact]
    public void A_newcomer_has_missed_nothing()
    {
        var net = new LivingNet(Nodes, 1, 0);
        Publish(net, 5);
        net.Run(milliseconds: 200_000);
        net.Join();
        net.Run(milliseconds: 60_000);
        Assert.Equal(0, net.Lost(Nodes));
    }

    [Theory]
    [InlineData(4, 1)]
    [InlineData(3, 0)]
    [InlineData(3 + (1 << 24), 1 << 24)]
    [InlineData(4 + (1 << 24), 0)]
    [InlineData(long.MaxValue, 0)]
    public void A_number_that_nobody_reaches_within_the_retention_is_not_believed(long to, long told)
    {
        var rig = new BroadcastRig(o => o with { RepairInterval = 2 * Second });
        rig.Push(1, Message(Origin, 3));
        rig.Receive(2, BroadcastFrame.Digest, SilentDigest(Origin, (ulong)to));
        rig.Advance(30_000);
        Assert.Equal(told, rig.Losses.Sum(static loss => loss.Messages));

        // Nothing that comes after all is refused.
        rig.Push(1, Message(Origin, 4));
        Assert.Equal(2, rig.Delivered.Count);
    }

    [Fact]
    public void A_liar_that_goes_on_and_on_is_believed_once()
    {
        var rig = new BroadcastRig(o => o with { RepairInterval = 2 * Second });
        rig.Push(1, Message(Origin, 3));
        for (ulong i = 1; i < 100; i++)
        {
            rig.Receive(2, BroadcastFrame.Digest, SilentDigest(Origin, 3 + (i << 20)));
            rig.Advance(10_000);
        }

        Assert.InRange(rig.Losses.Sum(static loss => loss.Messages), 1, 1 << 24);
    }

    [Fact]
    public void While_more_of_it_comes_nothing_is_lost()
    {
        var rig = new BroadcastRig(o => o with { RepairInterval = 2 * Second });
        rig.Push(1, Message(Origin, 1));
        rig.Receive(2, BroadcastFrame.Digest, SilentDigest(Origin, 20));
        for (ulong i = 2; i <= 20; i++)
        {
            rig.Advance(3000);
            rig.Push(1, Message(Origin, i));
        }

        rig.Advance(30_000);
        Assert.Empty(rig.Losses);
    }

    private static void Publish(LivingNet net, int messages)
    {
        for (var i = 0; i < 4 * messages; i++)
        {
            net.Publish(net.Network.Nodes[i % 4], [(byte)i]);
        }
    }

    /// <summary>Something happens when it has been away for 30 s, and the others have given its links up.</summary>
    private static void BeAway(LivingNet net, string why, TimeSpan span, Action meanwhile)
    {
        var partition = new Partition(PartitionKind.Full, [Away]);
        if (why == "asleep")
        {
            net.Network.Pause(net.Network.Nodes[Away], span);
        }
        else
        {
            net.Network.Begin(partition);
        }

        net.Run(milliseconds: 30_000);
        meanwhile();
        net.Network.Run(span - TimeSpan.FromSeconds(30));
        net.Network.End(partition);
    }
}
