using Hearsay.Protocols.Broadcast.Contracts;
using static Hearsay.Protocols.Tests.Broadcast.BroadcastRig;

namespace Hearsay.Protocols.Tests.Broadcast;

/// <summary>Scenarios of a message that had to be asked for.</summary>
internal static partial class BroadcastScenarios
{
    public static void The_children_are_told_of_what_had_to_be_asked_for()
    {
        var (rig, _) = Pulled();
        Assert.Empty(rig.Sent(3, BroadcastFrame.Message));
        var told = Assert.Single(rig.Sent(3, BroadcastFrame.Have));
        Assert.Equal(BroadcastFrame.PullAtOnce, told[BroadcastId.SizeBytes] & BroadcastFrame.PullAtOnce);
    }

    /// <summary>
    /// Neighbour 1 is the parent, 3 a child; from the second message on they come from 2, which was asked.
    /// </summary>
    internal static (BroadcastRig Rig, byte[] Message) Pulled(int misses = 3)
    {
        var rig = new BroadcastRig();
        rig.Push(1, Message(Origin, 1));
        rig.Receive(4, BroadcastFrame.Prune, SourceBody(Origin));
        rig.Receive(2, BroadcastFrame.Prune, SourceBody(Origin));
        rig.Receive(3, BroadcastFrame.Graft, SourceBody(Origin));
        byte[] message = [];
        for (ulong missed = 1; missed <= (ulong)misses; missed++)
        {
            rig.Advance(50);
            message = Message(Origin, 1 + missed, flags: MessageFrame.Pulled);
            rig.Receive(2, BroadcastFrame.Have, Have(IdOf(message)));
            rig.Advance(50);
            rig.Forget();
            rig.Push(2, message);
        }

        return (rig, message);
    }
}
