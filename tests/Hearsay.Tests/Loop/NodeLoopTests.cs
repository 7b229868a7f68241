using Hearsay.Loop;
using Hearsay.Protocols;
using Hearsay.Protocols.Sampling.Exchange;
using Hearsay.Protocols.Wire;
using Hearsay.Tests.Transport;

namespace Hearsay.Tests.Loop;

public sealed class NodeLoopTests
{
    private readonly ManualScheduler _scheduler = new();

    [Fact]
    public async Task A_command_that_comes_while_the_loop_stops_is_answered()
    {
        using var transport = new SendHook();
        var loop = Loops.With(_scheduler, transport);
        loop.Start();
        loop.OnPacket(new Link(SendHook.Peer, LinkKind.Datagram), Request());
        var posted = Task.CompletedTask;
        transport.OnSend = () => posted = PostWhileTheGateIsTaken(loop);

        Assert.True(loop.Stop(leave: true));

        Assert.NotSame(Task.CompletedTask, posted);
        await posted.WaitAsync(Eventually.Deadline);
    }

    [Fact]
    public async Task A_command_that_comes_while_the_loop_starts_is_carried_out_though_nothing_ever_happens()
    {
        using var transport = new SendHook();
        NodeLoop? loop = null;
        var posted = Task.CompletedTask;
        loop = Loops.With(
            _scheduler, transport, null,
            new TestProtocol { OnStart = _ => posted = PostWhileTheGateIsTaken(loop!) });

        loop.Start();

        Assert.NotSame(Task.CompletedTask, posted);
        await posted.WaitAsync(Eventually.Deadline);
        loop.Stop(leave: false);
    }

    [Fact]
    public async Task A_command_is_carried_out_on_the_thread_that_gives_it_and_after_the_handler_that_gives_it()
    {
        using var transport = new SendHook();
        NodeLoop? loop = null;
        var (order, inner) = (new List<string>(), Task.CompletedTask);
        loop = Loops.With(
            _scheduler, transport, null,
            new TestProtocol
            {
                OnStart = _ =>
                {
                    inner = loop!.PostAsync((_, _) => order.Add("command"));
                    order.Add("handler");
                },
            });
        loop.Start();
        await inner.WaitAsync(Eventually.Deadline);
        Assert.Equal(["handler", "command"], order);

        var thread = 0;
        Assert.True(loop.PostAsync((_, _) => thread = Environment.CurrentManagedThreadId).IsCompletedSuccessfully);
        Assert.Equal(Environment.CurrentManagedThreadId, thread);
        Assert.Equal(0, _scheduler.Wakes);
        loop.Stop(leave: false);
    }

    [Fact]
    public void Commands_ask_for_one_run_until_it_comes_and_it_carries_out_all()
    {
        using var transport = new SendHook();
        var loop = Loops.With(_scheduler, transport);
        loop.Start();
        var done = 0;
        for (var round = 1; round <= 3; round++)
        {
            for (var i = 0; i < 100; i++)
            {
                Assert.True(loop.Post((_, _) => done++));
            }

            Assert.Equal(round, _scheduler.Wakes);
            loop.Run();
            Assert.Equal(100 * round, done);
        }

        loop.Stop(leave: false);
    }

    [Fact]
    public void A_command_that_comes_during_a_run_is_carried_out_in_it()
    {
        using var transport = new SendHook();
        var loop = Loops.With(_scheduler, transport);
        loop.Start();
        var done = false;
        Assert.True(loop.Post((_, _) => Assert.True(loop.Post((_, _) => done = true))));

        loop.Run();

        Assert.True(done);
        loop.Stop(leave: false);
    }

    [Fact]
    public void A_loop_that_has_stopped_waits_in_no_queue()
    {
        using var transport = new SendHook();
        var loop = Loops.With(_scheduler, transport);
        loop.Start();
        Assert.NotEqual(Instant.Never, _scheduler.Next);

        loop.Stop(leave: false);

        Assert.Equal(Instant.Never, _scheduler.Next);
    }

    /// <summary>Whoever runs the loop for this command finds the gate taken and goes.</summary>
    private static Task PostWhileTheGateIsTaken(NodeLoop loop)
    {
        var posted = loop.PostAsync(static (_, _) => { });
        var runner = new Thread(loop.Run);
        runner.Start();
        Assert.True(runner.Join(Eventually.Deadline));
        Assert.False(posted.IsCompleted);
        return posted;
    }

    private static byte[] Request()
    {
        var writer = new WireWriter(new byte[Envelope.MaximumDatagramBytes]);
        writer.WriteZeros(Envelope.SizeBytes);
        var start = Frame.Begin(ref writer, SamplingMessage.Protocol, SamplingMessage.Request);
        new ExchangeRequest(7, NodeId.None, ExchangeMode.Push, 0).Write(ref writer);
        Frame.End(ref writer, start);
        Envelope.Seal(writer.Written, Envelope.LabelOf("default"), new NodeId(2, 2));
        return writer.Written.ToArray();
    }
}
