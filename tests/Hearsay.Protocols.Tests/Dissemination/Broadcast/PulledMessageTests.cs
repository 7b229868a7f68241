using static Hearsay.Protocols.Tests.Dissemination.Broadcast.BroadcastRig;

namespace Hearsay.Protocols.Tests.Dissemination.Broadcast;

/// <summary>What becomes of a message that had to be asked for.</summary>
public sealed class PulledMessageTests
{
    private const int Origin = 50;

    [Fact]
    public void The_children_are_told_at_once_and_get_it_if_they_ask()
    {
        var (rig, message) = Pulled(BroadcastDefects.None);
        Assert.Empty(rig.Sent(3, BroadcastFrame.Message));
        var told = Assert.Single(rig.Sent(3, BroadcastFrame.Have));
        Assert.Equal(BroadcastFrame.PullAtOnce, told[^1] & BroadcastFrame.PullAtOnce);

        rig.Receive(3, BroadcastFrame.Want, Names(IdOf(message)));
        Assert.Single(rig.Sent(3, BroadcastFrame.Message));
    }

    [Fact]
    public void The_others_are_told_without_hurry()
    {
        var (rig, _) = Pulled(BroadcastDefects.None);
        Assert.Empty(rig.Sent(4, BroadcastFrame.Have));
        rig.Advance(10);
        var told = Assert.Single(rig.Sent(4, BroadcastFrame.Have));
        Assert.Equal(0, told[^1] & BroadcastFrame.PullAtOnce);
    }

    [Fact]
    public void The_broken_variant_pushes_it()
    {
        var (rig, _) = Pulled(BroadcastDefects.PushesWhatWasPulled);
        Assert.Single(rig.Sent(3, BroadcastFrame.Message));
    }

    /// <summary>Neighbour 1 is the parent, 3 a child; the second message comes from 2, which was asked.</summary>
    private static (BroadcastRig Rig, byte[] Message) Pulled(BroadcastDefects defects)
    {
        var rig = new BroadcastRig(o => o with { Defects = defects });
        rig.Push(1, Message(Origin, 1));
        rig.Receive(4, BroadcastFrame.Prune, SourceBody(Origin));
        rig.Receive(2, BroadcastFrame.Prune, SourceBody(Origin));
        rig.Receive(3, BroadcastFrame.Graft, SourceBody(Origin));
        rig.Advance(50);
        var message = Message(Origin, 2, flags: MessageFrame.Pulled);
        rig.Receive(2, BroadcastFrame.Have, Have(IdOf(message)));
        rig.Advance(50);
        rig.Forget();
        rig.Push(2, message);
        return (rig, message);
    }
}
