using CsCheck;
using Hearsay.Protocols.Requests;

namespace Hearsay.Protocols.Tests.Requests;

public sealed class RequestHostileTests
{
    [Fact]
    public void Anything_at_all_is_counted_and_dropped()
    {
        Gen.Select(Gen.Byte[0, 6], Gen.Byte.Array[0, 80]).Sample(
            (type, body) =>
            {
                var world = new RequestWorld(1, nodes: 1);
                world[0].Receive(1, type, body);
                world.Run(TimeSpan.FromSeconds(1));
                Assert.InRange(
                    world[0].Counters.Malformed + world[0].Counters.Strays + world[0].Counters.WithoutHandler
                    + world[0].Counters.Refused, 0, 1);
            },
            iter: 20_000, seed: "0N0XIzNsQ0O2");
    }

    [Fact]
    public void Every_cut_of_a_frame_is_malformed_or_a_shorter_payload()
    {
        var whole = RequestFrames.Ask(7, 300, "nobody", "payload", floor: 200);
        for (var length = 0; length < whole.Length; length++)
        {
            var world = new RequestWorld(1, nodes: 1);
            world[0].Receive(1, RequestMessage.Ask, whole[..length]);
            var isComplete = length >= whole.Length - "payload".Length;
            Assert.Equal(isComplete ? 0 : 1, world[0].Counters.Malformed);
            Assert.Equal(isComplete ? 1 : 0, world[0].Counters.WithoutHandler);
        }
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(5, 6)]
    [InlineData(5_000, 1)]
    [InlineData(ulong.MaxValue, 1)]
    public void Numbers_outside_the_window_are_malformed(ulong sequence, ulong floor)
    {
        var world = new RequestWorld(1, nodes: 1);
        world[0].Receive(1, RequestMessage.Ask, RequestFrames.Ask(7, sequence, "echo", floor: floor));
        Assert.Equal((1L, 0L), (world[0].Counters.Malformed, world[0].Counters.Handled));
    }

    [Fact]
    public void The_last_number_there_is_can_be_used()
    {
        var world = new RequestWorld(1, nodes: 1);
        world[0].Receive(
            1, RequestMessage.Ask, RequestFrames.Ask(7, ulong.MaxValue, "echo", floor: ulong.MaxValue));
        Assert.Equal(1, world[0].Counters.Handled);
    }

    [Fact]
    public void Nobody_speaks_in_the_conversation_of_another()
    {
        var world = new RequestWorld(1, nodes: 1);
        world[0].Receive(1, RequestMessage.Ask, RequestFrames.Ask(7, 1, "hangs"));
        world[0].Receive(2, RequestMessage.Ask, RequestFrames.Ask(7, 2, "hangs"));
        world[0].Receive(2, RequestMessage.Cancel, RequestFrames.Key(7, 1));
        Assert.Equal((1L, 1L), (world[0].Counters.Handled, world[0].Counters.Strays));
        Assert.Empty(world[0].CancelledKeys);
    }

    [Fact]
    public void A_stranger_is_handled_when_it_has_proven_its_address_and_not_before()
    {
        var world = new RequestWorld(1);
        world[1].IsUnproven = true;
        world[1].Receive(0, RequestMessage.Ask, RequestFrames.Ask(7, 1, "echo", "x"));
        world.Run(TimeSpan.FromMilliseconds(100));
        Assert.Empty(world.Frames);
        world[1].Prove(0);
        Assert.Equal(1, world[1].Counters.Handled);
    }

    [Fact]
    public void Strangers_that_never_prove_themselves_hold_a_bounded_number_of_requests()
    {
        var world = new RequestWorld(1);
        world[1].IsUnproven = true;
        for (ulong i = 1; i <= 100; i++)
        {
            world[1].Receive(0, RequestMessage.Ask, RequestFrames.Ask(i, 1, "echo", "x"));
        }

        Assert.Equal(84, world[1].Counters.Unproven);
        world[1].Prove(0);
        Assert.Equal(16, world[1].Counters.Handled);
    }

    [Fact]
    public void What_a_stranger_polls_is_not_answered()
    {
        var world = new RequestWorld(1);
        world[1].IsUnproven = true;
        world[1].Receive(0, RequestMessage.Poll, RequestFrames.Key(7, 1));
        Assert.Empty(world.Frames);
    }
}
