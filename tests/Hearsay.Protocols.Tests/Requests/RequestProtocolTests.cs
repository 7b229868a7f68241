using CsCheck;
using Hearsay.Protocols.Requests;

namespace Hearsay.Protocols.Tests.Requests;

public sealed class RequestProtocolTests
{
    private static readonly TimeSpan s_longEnough = TimeSpan.FromSeconds(60);

    [Fact]
    public void A_request_costs_one_frame_each_way_and_its_answer_is_the_handlers()
    {
        var world = new RequestWorld(1);
        var request = world.Ask(0, 1, "echo", "hello");
        world.Run(s_longEnough);

        Assert.Equal((1, RequestStatus.Answered, "hello"), (request.Ends, request.Status, request.Answer));
        Assert.InRange(request.Elapsed.TotalMilliseconds, 3, 8);
        Assert.Equal([RequestMessage.Ask, RequestMessage.Answer], world.Frames.Select(static frame => frame.Type));
        Assert.Equal((1L, 1L), (world[0].Counters.Asked, world[0].Counters.Answered));
        Assert.Equal(1, world[1].Counters.Handled);
    }

    [Theory]
    [InlineData("nobody", RequestStatus.NoHandler)]
    [InlineData("fails", RequestStatus.Failed)]
    public void Who_is_not_answered_is_told_why_at_once(string name, object why)
    {
        var world = new RequestWorld(2);
        var request = world.Ask(0, 1, name, "x");
        world.Run(TimeSpan.FromMilliseconds(20));
        Assert.Equal((RequestStatus)why, request.Status);
        Assert.Equal(1, world[0].Counters.Rejected);
    }

    /// <summary>
    /// The claim of the protocol. The broken variants among the defects are its controls: a handler runs twice without
    /// the memory of what was handled.
    /// </summary>
    [Fact]
    public void Whatever_the_network_does_a_handler_runs_at_most_once_and_every_request_ends_once()
    {
        var repeated = 0L;
        var duplicates = 0L;
        Gen.Select(Gen.ULong, Gen.Double[0, 0.4], Gen.Double[0, 0.5], Gen.Int[0, 80], Gen.Int[1, 200]).Sample(
            (seed, loss, twice, handlerMs, most) =>
            {
                var world = new RequestWorld(seed, nodes: 3)
                {
                    Loss = loss, Duplicates = twice, DelayMs = (1, most),
                    HandlerTime = TimeSpan.FromMilliseconds(handlerMs),
                };
                var asked = new List<(AskedRequest Request, string Text)>();
                for (var i = 0; i < 40; i++)
                {
                    var text = $"{i}";
                    asked.Add((world.Ask(i % 3, (i + 1) % 3, i % 5 == 4 ? "fails" : "echo", text), text));
                    world.Run(TimeSpan.FromMilliseconds(5));
                }

                world.Run(s_longEnough);
                Assert.All(asked, one => Assert.Equal(1, one.Request.Ends));
                Assert.All(asked, one => Assert.InRange(world.Runs.GetValueOrDefault(one.Text), 0, 1));
                Assert.All(asked.Where(static one => one.Request.Status == RequestStatus.Answered),
                    one => Assert.Equal(one.Text, one.Request.Answer));
                for (var i = 0; i < 3; i++)
                {
                    Assert.Equal((0, 0), (world[i].Protocol.Outstanding, world[i].Protocol.Running));
                    Assert.Equal(0, world[i].Counters.Malformed);
                    Interlocked.Add(ref repeated, world[i].Counters.Repeated);
                    Interlocked.Add(ref duplicates, world[i].Counters.Duplicates);
                }
            },
            iter: 60, seed: "0N0XIzNsQ0O2");
        Assert.True(repeated > 100 && duplicates > 100, $"{repeated} repetitions, {duplicates} duplicates");
    }

    [Fact]
    public void Copies_of_a_request_do_come_while_it_runs_and_after_it_was_answered()
    {
        var world = new RequestWorld(4) { Duplicates = 1, DelayMs = (1, 60) };
        for (var i = 0; i < 200; i++)
        {
            world.Ask(0, 1, "echo", $"{i}");
            world.Run(TimeSpan.FromMilliseconds(5));
        }

        world.Run(s_longEnough);
        Assert.All(world.Runs.Values, static runs => Assert.Equal(1, runs));
        Assert.True(world[1].Counters.Duplicates >= 200, $"{world[1].Counters.Duplicates} copies");
    }

    [Fact]
    public void Ten_in_a_hundred_frames_lost_cost_a_time_out_and_no_request()
    {
        var world = new RequestWorld(5) { Loss = 0.1 };
        var asked = Enumerable.Range(0, 2_000).Select(i =>
        {
            var request = world.Ask(0, 1, "echo", $"{i}");
            world.Run(TimeSpan.FromMilliseconds(10));
            return request;
        }).ToArray();
        world.Run(s_longEnough);

        // Four copies in a row are lost, each with its answer, with a probability of .19^4 = .0013.
        var answered = asked.Count(static one => one.Status == RequestStatus.Answered);
        Assert.InRange(answered, 1_980, 2_000);
        var sorted = asked.Select(static one => one.Elapsed).Order().ToArray();
        Assert.InRange(sorted[asked.Length / 2].TotalMilliseconds, 3, 8);
        Assert.InRange(sorted[asked.Length * 85 / 100].TotalMilliseconds, 50, 200);
    }

    [Fact]
    public void A_slow_handler_is_waited_for_and_its_asker_sends_no_second_copy()
    {
        var world = new RequestWorld(6) { HandlerTime = TimeSpan.FromSeconds(8) };
        var request = world.Ask(0, 1, "echo", "slow");
        world.Run(s_longEnough);
        Assert.Equal((RequestStatus.Answered, "slow"), (request.Status, request.Answer));
        Assert.Single(world.Frames, static frame => frame.Type == RequestMessage.Ask);
        Assert.InRange(world.Frames.Count(static frame => frame.Type == RequestMessage.Poll), 3, 10);
    }

    [Fact]
    public void An_answer_that_was_lost_comes_again_when_it_is_asked_for()
    {
        var world = new RequestWorld(7) { HandlerTime = TimeSpan.FromMilliseconds(100) };
        var request = world.Ask(0, 1, "echo", "x");
        world.Run(TimeSpan.FromMilliseconds(90));
        world.IsCut = true;
        world.Run(TimeSpan.FromMilliseconds(60));
        world.IsCut = false;
        world.Run(s_longEnough);
        Assert.Equal(RequestStatus.Answered, request.Status);
        Assert.Equal(1, world.Runs["x"]);
    }

    [Fact]
    public void A_dead_peer_is_given_up_after_four_copies_and_a_handler_that_hangs_at_the_time_out()
    {
        var world = new RequestWorld(8) { IsCut = true };
        var dead = world.Ask(0, 1, "echo", "x");
        world.Run(s_longEnough);
        Assert.Equal(RequestStatus.NoAnswer, dead.Status);
        Assert.InRange(dead.Elapsed.TotalSeconds, 6.9, 7.1);
        Assert.Equal(4, world.Frames.Count(static frame => frame.Type == RequestMessage.Ask));

        world.IsCut = false;
        var hung = world.Ask(0, 1, "hangs", "y");
        world.Run(TimeSpan.FromSeconds(9.9));
        Assert.Equal(0, hung.Ends);
        world.Run(s_longEnough);
        Assert.Equal((1, RequestStatus.NoAnswer), (hung.Ends, hung.Status));
        Assert.Equal(world[1].Hanging.Select(static one => one.Key), world[1].CancelledKeys);
        Assert.Equal(1, world[1].Protocol.Running);
    }

    [Fact]
    public void Who_cancels_has_the_handler_cancelled()
    {
        var world = new RequestWorld(9);
        var request = world.Ask(0, 1, "hangs", "x");
        world.Run(TimeSpan.FromMilliseconds(50));
        world[0].Command(new CancelCommand(request));
        world.Run(TimeSpan.FromMilliseconds(50));
        Assert.Equal(0, request.Ends);
        Assert.Single(world[1].CancelledKeys);
        Assert.Equal(1, world[0].Counters.Cancelled);

        // What a cancelled handler answers is not sent, and its place is free.
        var frames = world.Frames.Count;
        world[1].Command(new AnswerCommand(world[1].Hanging[0].Key, RequestStatus.Answered, default));
        world.Run(s_longEnough);
        Assert.Equal(frames, world.Frames.Count);
        Assert.Equal(0, world[1].Protocol.Running);
    }

    [Fact]
    public void After_a_restart_what_may_have_run_fails_and_what_was_sent_once_runs()
    {
        var world = new RequestWorld(10);
        world.Ask(0, 1, "echo", "before");
        var running = world.Ask(0, 1, "hangs", "running");
        world.Run(TimeSpan.FromMilliseconds(100));
        world.Restart(1, 99);
        world.Run(TimeSpan.FromSeconds(3));
        Assert.Equal(RequestStatus.Forgotten, running.Status);

        var after = world.Ask(0, 1, "echo", "after");
        world.Run(TimeSpan.FromMilliseconds(50));
        Assert.Equal((RequestStatus.Answered, 1), (after.Status, world.Runs["after"]));
        Assert.Equal(1, world.Runs["running"]);
    }

    /// <summary>
    /// A copy that was lost in the first life and one that ran look alike to the second, so the second runs neither.
    /// </summary>
    [Fact]
    public void A_repeated_request_is_not_handled_by_a_life_that_has_just_begun()
    {
        var world = new RequestWorld(11);
        var request = world.Ask(0, 1, "hangs", "x");
        world.Run(TimeSpan.FromMilliseconds(10));
        world.Restart(1, 99);
        world.Run(s_longEnough);
        Assert.Equal((1, RequestStatus.Forgotten, 1), (request.Ends, request.Status, world.Runs["x"]));
        Assert.Equal(1, world[1].Counters.Refused);
    }
}
