using Hearsay.Protocols.Broadcast.Contracts;
using static Hearsay.Protocols.Tests.Broadcast.BroadcastRig;

namespace Hearsay.Protocols.Tests.Broadcast;

/// <summary>What becomes of a message that had to be asked for.</summary>
public sealed class PulledMessageTests
{
    [Fact]
    public void The_others_are_told_without_hurry()
    {
        var (rig, _) = BroadcastScenarios.Pulled();
        Assert.Empty(rig.Sent(4, BroadcastFrame.Have));
        rig.Advance(10);
        var told = Assert.Single(rig.Sent(4, BroadcastFrame.Have));
        Assert.Equal(0, told[^1] & BroadcastFrame.PullAtOnce);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void One_that_may_just_have_been_lost_is_pushed_on(int misses)
    {
        var (rig, _) = BroadcastScenarios.Pulled(misses);
        Assert.Single(rig.Sent(3, BroadcastFrame.Message));
        Assert.Empty(rig.Sent(3, BroadcastFrame.Have));
    }

    [Fact]
    public void Where_the_parent_is_gone_even_one_is_only_told_of()
    {
        var (rig, _) = BroadcastScenarios.Pulled(misses: 0);
        const int SlotOfParent = 0;
        rig.Neighbours.Remove(SlotOfParent);
        var message = Message(BroadcastScenarios.Origin, 2, flags: MessageFrame.Pulled);
        rig.Receive(2, BroadcastFrame.Have, Have(IdOf(message)));
        rig.Advance(50);
        rig.Forget();
        rig.Push(2, message);
        Assert.Empty(rig.Sent(3, BroadcastFrame.Message));
        Assert.Single(rig.Sent(3, BroadcastFrame.Have));
    }

    [Fact]
    public void A_child_that_asks_gets_it()
    {
        var (rig, message) = BroadcastScenarios.Pulled();
        rig.Receive(3, BroadcastFrame.Want, Names(IdOf(message)));
        Assert.Single(rig.Sent(3, BroadcastFrame.Message));
    }
}
