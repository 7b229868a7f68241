using Hearsay.Protocols.Broadcast;
using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Broadcast.Reach;
using static Hearsay.Protocols.Tests.Broadcast.BroadcastRig;

namespace Hearsay.Protocols.Tests.Broadcast;

/// <summary>What is published while there is no neighbour.</summary>
public sealed class UnsentTests
{
    private readonly List<int> _sent = [];

    [Fact]
    public void A_message_goes_out_in_the_moment_in_which_the_first_link_comes_up()
    {
        var rig = Alone();
        Publish(rig, 1);
        rig.Advance(300);
        Assert.Empty(_sent);
        Meet(rig, 3);
        Assert.True(MessageFrame.TryRead(Assert.Single(rig.Sent(3, BroadcastFrame.Message)), out var frame));
        Assert.Equal((0, 1, 300L), ((int)frame.Flags, (int)frame.Hops, frame.Age / TimeSpan.TicksPerMillisecond));
        Assert.Equal([1], _sent);

        // A second neighbour hears of it from the first, and is pushed what comes next.
        Meet(rig, 2);
        rig.Advance(100);
        Assert.Empty(rig.Sent(2, BroadcastFrame.Message));
        Publish(rig, 2);
        Assert.Equal([1, 2], _sent);
    }

    [Fact]
    public void Many_go_out_in_order_and_some_at_a_time()
    {
        var rig = Alone();
        for (var i = 0; i < 150; i++)
        {
            Publish(rig, i);
        }

        Meet(rig, 1);
        Assert.Equal(64, rig.Sent(1, BroadcastFrame.Message).Count);
        rig.Advance(5);
        Assert.Equal(128, rig.Sent(1, BroadcastFrame.Message).Count);
        rig.Advance(5);
        Assert.Equal(Enumerable.Range(0, 150), _sent);
        Assert.Equal(150, rig.Sent(1, BroadcastFrame.Message).Count);
    }

    [Fact]
    public void Those_that_go_on_when_the_link_is_gone_wait_for_the_next()
    {
        var rig = Alone();
        for (var i = 0; i < 100; i++)
        {
            Publish(rig, i);
        }

        Meet(rig, 1);
        rig.Neighbours.Remove(0);
        rig.Advance(100);
        Assert.Equal(64, _sent.Count);
        Meet(rig, 2);
        Assert.Equal(36, rig.Sent(2, BroadcastFrame.Message).Count);
    }

    [Fact]
    public void A_large_one_is_followed_by_its_chunks()
    {
        var rig = Alone(o => o with { Mode = BroadcastMode.Auto });
        rig.Publish(new byte[100_000]);
        Meet(rig, 1);
        Assert.Equal(MessageFrame.Feeds | MessageFrame.Whole, Assert.Single(rig.Sent(1, BroadcastFrame.Message))[0]);
        Assert.Equal(4, rig.Sent(1, BroadcastFrame.Chunk).Count);
    }

    [Fact]
    public void What_is_too_many_is_left_to_the_repair_and_what_is_too_old_is_counted()
    {
        var rig = Alone(o => o with { RepairInterval = 2 * Second });
        for (var i = 0; i < UnsentMessages.Maximum + 10; i++)
        {
            Publish(rig, i);
        }

        Assert.Equal((10, 10), ((int)rig.Counters.LeftToRepair, _sent.Count));
        rig.Advance(63_000);
        Assert.Equal(UnsentMessages.Maximum, rig.Counters.NeverSent);
        Meet(rig, 1);
        Assert.Empty(rig.Sent(1, BroadcastFrame.Message));
    }

    [Fact]
    public void With_a_neighbour_nothing_waits()
    {
        var rig = new BroadcastRig();
        Publish(rig, 1);
        Assert.Equal([1], _sent);
        Assert.Single(rig.Sent(1, BroadcastFrame.Message));
    }

    private static BroadcastRig Alone(Func<BroadcastOptions, BroadcastOptions>? configure = null)
    {
        var rig = new BroadcastRig(configure);
        for (var slot = 0; slot < 4; slot++)
        {
            rig.Neighbours.Remove(slot);
        }

        return rig;
    }

    /// <summary>A link comes up, inside an input of this moment.</summary>
    private static void Meet(BroadcastRig rig, int peer)
    {
        rig.Node.Core.Post(rig.Node.Now, BroadcastFrame.Protocol, "now");
        rig.Neighbours.Put(peer - 1, PeerOf(peer), RoundTrip);
    }

    private void Publish(BroadcastRig rig, int number) => rig.Node.Core.Post(
        rig.Node.Now, BroadcastFrame.Protocol,
        new PublishCommand(default, new[] { (byte)number }, Sent: (_, _) => _sent.Add(number)));
}
