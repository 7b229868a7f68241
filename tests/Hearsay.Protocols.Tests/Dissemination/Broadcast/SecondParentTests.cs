using System.Numerics;
using static Hearsay.Protocols.Tests.Dissemination.Broadcast.BroadcastRig;

namespace Hearsay.Protocols.Tests.Dissemination.Broadcast;

/// <summary>Where much is lost a node is pushed to by two.</summary>
public sealed class SecondParentTests
{
    private const int Origin = 50;

    [Theory]
    [InlineData(null, 0b0110u)]
    [InlineData(1, 0b0100u)]
    public void A_node_that_has_to_ask_again_and_again_takes_a_second_parent(int? parents, uint expected)
    {
        var rig = new BroadcastRig(o => o with { Parents = parents });
        Lose(rig);
        Assert.Equal(expected, rig.Protocol.Sources.Find(Key(Origin))!.Parents);
    }

    [Fact]
    public void And_lets_it_go_when_nothing_is_lost_any_more()
    {
        var rig = new BroadcastRig();
        var sequence = Lose(rig);
        for (var i = 0; i < 100; i++)
        {
            rig.Push(2, Message(Origin, ++sequence));
            rig.Advance(100);
        }

        rig.Forget();
        rig.Push(2, Message(Origin, ++sequence));
        rig.Push(3, Message(Origin, sequence));
        Assert.Equal(SourceBody(Origin), Assert.Single(rig.Sent(3, BroadcastFrame.Prune)));
        Assert.Equal(0b0010u, rig.Protocol.Sources.Find(Key(Origin))!.Parents);
    }

    [Fact]
    public void The_share_that_was_asked_for_is_high_from_a_quarter_until_a_fiftieth()
    {
        var losses = new LossEstimator();
        var pulled = 0;
        for (; !losses.IsHigh; pulled++)
        {
            losses.Add(true);
        }

        Assert.Equal(5, pulled);
        var pushed = 0;
        for (; losses.IsHigh; pushed++)
        {
            losses.Add(false);
        }

        Assert.InRange(losses.Share, 0.018, 0.02);
        Assert.InRange(pushed, 38, 45);
    }

    [Fact]
    public void A_parent_that_is_late_is_no_loss()
    {
        var late = new BroadcastRig();
        Lose(late, parentComesAfterAll: true);
        Assert.Equal(1, BitOperations.PopCount(late.Protocol.Sources.Find(Key(Origin))!.Parents));

        var losses = new LossEstimator();
        for (var i = 0; i < 100; i++)
        {
            losses.Add(true);
            losses.TakeBack();
        }

        Assert.Equal((0, false), (losses.Share, losses.IsHigh));
    }

    /// <summary>Three messages in a row of the parent are lost, first of neighbour 1 and then of neighbour 2.</summary>
    private static ulong Lose(BroadcastRig rig, bool parentComesAfterAll = false)
    {
        ulong sequence = 1;
        rig.Push(1, Message(Origin, sequence));
        for (var i = 0; i < 6; i++)
        {
            var message = Message(Origin, ++sequence, flags: MessageFrame.Pulled);
            var from = i < 3 ? 2 : 3;
            rig.Receive(from, BroadcastFrame.Have, Have(IdOf(message)));
            rig.Advance(50);
            Assert.NotEmpty(rig.Sent(from, BroadcastFrame.Want));
            rig.Push(from, message);
            if (parentComesAfterAll)
            {
                rig.Push(i < 3 ? 1 : 2, Message(Origin, sequence));
            }
        }

        return sequence;
    }
}
