using Hearsay.Protocols.Requests;

namespace Hearsay.Protocols.Tests.Requests;

public sealed class RequestBoundsTests
{
    [Fact]
    public void Too_many_handlers_at_a_time_shed_further_requests_and_an_asker_has_a_quarter()
    {
        var world = new RequestWorld(1, nodes: 6, new RequestOptions { MaximumConcurrent = 16 });
        var asked = Enumerable.Range(1, 5).SelectMany(from => Enumerable.Range(0, 6).Select(
            i => world.Ask(from, 0, "hangs", $"{from}.{i}"))).ToArray();
        world.Run(TimeSpan.FromMilliseconds(100));

        Assert.Equal(16, world[0].Protocol.Running);
        Assert.Equal(14, asked.Count(static one => one.Status == RequestStatus.Busy));
        for (var from = 1; from <= 5; from++)
        {
            Assert.InRange(asked.Skip((from - 1) * 6).Take(6).Count(static one => one.Ends == 0), 1, 4);
        }

        // A place is free again when its handler has returned, and not before.
        world[0].Command(new AnswerCommand(world[0].Hanging[0].Key, RequestStatus.Answered, default));
        var next = world.Ask(1, 0, "hangs", "next");
        world.Run(TimeSpan.FromMilliseconds(100));
        Assert.Equal((0, 16), (next.Ends, world[0].Protocol.Running));
    }

    [Fact]
    public void An_asker_that_is_too_fast_is_told_to_be_slower()
    {
        var world = new RequestWorld(2, options: new RequestOptions { PerSecond = 10 });
        var asked = Enumerable.Range(0, 15).Select(i => world.Ask(0, 1, "echo", $"{i}")).ToArray();
        world.Run(TimeSpan.FromSeconds(2));
        Assert.Equal(10, asked.Count(static one => one.Status == RequestStatus.Answered));
        Assert.Equal(5, asked.Count(static one => one.Status == RequestStatus.Busy));
        Assert.Equal(5, world[1].Counters.Shed);
        var later = world.Ask(0, 1, "echo", "later");
        world.Run(TimeSpan.FromSeconds(1));
        Assert.Equal(RequestStatus.Answered, later.Status);
    }

    [Fact]
    public void A_node_waits_for_so_many_answers()
    {
        var world = new RequestWorld(3, nodes: 3, options: new RequestOptions { MaximumOutstanding = 300 });
        var first = Enumerable.Range(0, 260).Select(i => world.Ask(0, 1, "hangs", $"a{i}")).ToArray();
        Assert.DoesNotContain(first, static one => one.Status == RequestStatus.TooMany);
        var second = Enumerable.Range(0, 100).Select(i => world.Ask(0, 2, "hangs", $"b{i}")).ToArray();
        Assert.Equal(60, second.Count(static one => one.Status == RequestStatus.TooMany));
        Assert.Equal(300, world[0].Protocol.Outstanding);
    }

    /// <summary>
    /// A slow handler, or a lost datagram at a high rate, holds the floor back while thousands of later requests end.
    /// </summary>
    [Fact]
    public void A_request_that_takes_long_holds_up_no_others()
    {
        var world = new RequestWorld(7) { DelayMs = (0.1, 0.2), HandlerTime = TimeSpan.FromMilliseconds(0.1) };
        var slow = world.Ask(0, 1, "hangs", "slow", TimeSpan.FromSeconds(9));
        var others = new List<AskedRequest>();
        for (var wave = 0; wave < 3 * RequestMessage.Window / 32; wave++)
        {
            others.AddRange(Enumerable.Range(0, 32).Select(i => world.Ask(0, 1, "echo", $"{wave}.{i}")));
            world.Run(TimeSpan.FromMilliseconds(5));
        }

        Assert.All(others, static one => Assert.Equal((1, RequestStatus.Answered), (one.Ends, one.Status)));
        Assert.Equal((0, 1), (slow.Ends, world[1].Protocol.Running));

        // What the floor holds back is remembered; the rest was forgotten with its confirmation.
        Assert.InRange(world[1].Protocol.Responder.Count, RequestMessage.Window, RequestMessage.Window + 32);
        world.Run(TimeSpan.FromSeconds(10));
        Assert.Equal((1, RequestStatus.NoAnswer), (slow.Ends, slow.Status));
        Assert.InRange(world[1].Protocol.Responder.Count, 0, 32);
        Assert.Equal(1, world.Frames.Count(static frame => frame.Type == RequestMessage.Close));
    }

    [Fact]
    public void A_copy_that_comes_after_its_conversation_was_closed_is_not_handled()
    {
        var world = new RequestWorld(8, nodes: 1) { HandlerTime = TimeSpan.Zero };
        world[0].Receive(1, RequestMessage.Ask, RequestFrames.Ask(5, 1, "echo", "once"));
        world[0].Receive(2, RequestMessage.Close, RequestFrames.Key(5, 2));
        Assert.Equal(1, world[0].Protocol.Responder.Count); // It is not for others to close.
        world[0].Receive(1, RequestMessage.Close, RequestFrames.Key(5, 2));
        Assert.Equal(0, world[0].Protocol.Responder.Count);
        world[0].Receive(1, RequestMessage.Ask, RequestFrames.Ask(5, 1, "echo", "once"));
        world.Run(TimeSpan.FromMilliseconds(10));
        Assert.Equal((1, 1), (world[0].Counters.Handled, world[0].Counters.Duplicates));
    }

    /// <summary>The floor that travels with the next request is all it takes.</summary>
    [Fact]
    public void Answers_are_held_until_the_asker_has_them_and_no_longer_than_copies_travel()
    {
        var world = new RequestWorld(4);
        world.Ask(0, 1, "echo", new string('a', 1_000));
        world.Run(TimeSpan.FromMilliseconds(100));
        Assert.Equal((1, 1_000), (world[1].Protocol.Responder.Count, world[1].Protocol.Responder.HeldBytes));
        world.Ask(0, 1, "echo", new string('b', 500));
        world.Run(TimeSpan.FromMilliseconds(100));
        Assert.Equal((1, 500), (world[1].Protocol.Responder.Count, world[1].Protocol.Responder.HeldBytes));

        world.Run(TimeSpan.FromSeconds(12));
        Assert.Equal((1, 0), (world[1].Protocol.Responder.Count, world[1].Protocol.Responder.HeldBytes));
        world.Run(TimeSpan.FromMinutes(11));
        Assert.Equal((0, 0), (world[1].Protocol.Responder.Count, world[1].Protocol.Responder.Conversations));
    }

    [Fact]
    [Campaign]
    public void What_is_held_for_askers_that_confirm_nothing_is_bounded()
    {
        var options = new RequestOptions { MaximumConcurrent = 65_536, PerSecond = 1_000_000 };
        var world = new RequestWorld(5, nodes: 1, options);
        for (var asker = 1; asker <= 200; asker++)
        {
            for (ulong conversation = 1; conversation <= 80; conversation++)
            {
                for (ulong sequence = 1; sequence <= 3; sequence++)
                {
                    var body = RequestFrames.Ask(((ulong)asker << 32) | conversation, sequence, "nobody");
                    world[0].Receive(asker, RequestMessage.Ask, body);
                }
            }
        }

        var responder = world[0].Protocol.Responder;
        Assert.InRange(responder.Conversations, 1, 1_024);
        Assert.InRange(responder.Count, 1, 16_384);
        Assert.True(world[0].Counters.Shed > 1_000, $"{world[0].Counters.Shed} shed");

        // An honest asker finds room again once the others have been silent for a while.
        world.Run(TimeSpan.FromSeconds(11));
        world[0].Receive(900, RequestMessage.Ask, RequestFrames.Ask(77, 1, "echo"));
        Assert.Equal(1, world[0].Counters.Handled);
    }

    [Fact]
    public void Answers_that_find_no_room_are_sent_once_and_given_up()
    {
        var options = new RequestOptions { MaximumConcurrent = 65_536 };
        var world = new RequestWorld(6, nodes: 1, options) { HandlerTime = TimeSpan.Zero };
        var payload = new string('x', RequestOptions.LargestPayloadBytes);
        for (ulong sequence = 1; sequence <= 200; sequence++)
        {
            world[0].Receive(1, RequestMessage.Ask, RequestFrames.Ask(5, sequence, "echo", payload));
        }

        world.IsCut = true;
        world.Run(TimeSpan.FromMilliseconds(1));
        Assert.InRange(
            world[0].Protocol.Responder.HeldBytes, RequestResponder.MostHeldBytes - payload.Length,
            RequestResponder.MostHeldBytes);
        Assert.Equal(200 - (RequestResponder.MostHeldBytes / payload.Length), world[0].Counters.AnswersForgotten);
        Assert.Equal(200, world.Frames.Count(static frame => frame.Type == RequestMessage.Answer));
    }
}
