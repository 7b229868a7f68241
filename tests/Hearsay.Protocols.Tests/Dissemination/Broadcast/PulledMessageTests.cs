using static Hearsay.Protocols.Tests.Dissemination.Broadcast.BroadcastRig;

namespace Hearsay.Protocols.Tests.Dissemination.Broadcast;

/// <summary>What becomes of a message that had to be asked for.</summary>
public sealed class PulledMessageTests
{
    [Fact]
    public void The_others_are_told_without_hurry()
    {
        var (rig, _) = BroadcastScenarios.Pulled(BroadcastDefects.None);
        Assert.Empty(rig.Sent(4, BroadcastFrame.Have));
        rig.Advance(10);
        var told = Assert.Single(rig.Sent(4, BroadcastFrame.Have));
        Assert.Equal(0, told[^1] & BroadcastFrame.PullAtOnce);
    }

    [Fact]
    public void A_child_that_asks_gets_it()
    {
        var (rig, message) = BroadcastScenarios.Pulled(BroadcastDefects.None);
        rig.Receive(3, BroadcastFrame.Want, Names(IdOf(message)));
        Assert.Single(rig.Sent(3, BroadcastFrame.Message));
    }
}
