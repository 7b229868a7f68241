using Hearsay.Loop;
using Hearsay.Protocols;
using Hearsay.Tests.Transport;

namespace Hearsay.Tests.Loop;

public sealed class NodeLoopTests
{
    [Fact]
    public async Task A_command_that_comes_while_the_loop_stops_is_answered()
    {
        using var transport = new SendHook();
        var loop = LoopWith(transport);
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
        loop = LoopWith(transport, new TestProtocol { OnStart = _ => posted = PostWhileTheGateIsTaken(loop!) });

        loop.Start();

        Assert.NotSame(Task.CompletedTask, posted);
        await posted.WaitAsync(Eventually.Deadline);
        loop.Stop(leave: false);
    }

    private static NodeLoop LoopWith(SendHook transport, params IProtocol[] protocols) => new(
        new NodeCoreOptions
        {
            Self = new SelfDescription(new NodeId(1, 1), 1, new NodeAddresses(transport.LocalAddress), []),
            Seed = 1,
            Sampling = PeerSamplingOptions.Recommended,
            Protocols = protocols,
        },
        transport,
        transport,
        DueScheduler.For(new StoppedTime()),
        new NodeEvents(new GossipNodeOptions(), store: null, TestContext.Current.CancellationToken));

    /// <summary>Gives the thread pool the time to find the gate taken.</summary>
    private static Task PostWhileTheGateIsTaken(NodeLoop loop)
    {
        var posted = loop.PostAsync(static (_, _) => { });
        Thread.Sleep(200);
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
