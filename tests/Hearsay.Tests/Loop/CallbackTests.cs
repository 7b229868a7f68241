using System.Diagnostics;
using Hearsay.Loop;
using Hearsay.Tests.Transport;
using Microsoft.Extensions.Logging;

namespace Hearsay.Tests.Loop;

public sealed class CallbackTests
{
    [Fact]
    public async Task A_logger_that_throws_hurts_nobody()
    {
        await using var nodes = await new LiveNodes(new MemoryNetwork()).StartManyAsync(1);
        using var provider = new CallbackLoggerProvider(() => throw new InvalidOperationException("logger"));
        var node = await nodes.StartAsync(nodes.Options with { LoggerFactory = LiveNodes.Logging(provider) });

        await node.WaitForPeersAsync();
        await node.LeaveAsync();
        Assert.True(provider.Calls > 0);
    }

    [Fact]
    public async Task A_logger_that_hangs_holds_up_neither_start_nor_joining_nor_the_end()
    {
        using var never = new ManualResetEventSlim();
        using var provider = new CallbackLoggerProvider(() => never.Wait());
        await using var nodes = await new LiveNodes(new MemoryNetwork()).StartManyAsync(1);
        var watch = Stopwatch.StartNew();
        var node = await nodes.StartAsync(nodes.Options with
        {
            LoggerFactory = LiveNodes.Logging(provider),
            Seeds = ["no-such-host.invalid:1", nodes.First.LocalAddress.ToString()],
        });

        await node.WaitForPeersAsync();
        Assert.True(node.TryGetPeer(out _));
        await node.LeaveAsync();
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, Eventually.Deadline);
        Assert.Equal(1, provider.Calls);
        never.Set();
    }

    [Fact]
    public async Task A_protocol_that_throws_is_counted_and_told_and_hurts_no_other()
    {
        var log = new Microsoft.Extensions.Logging.Testing.FakeLoggerProvider();
        await using var nodes = await new LiveNodes(new MemoryNetwork()).StartManyAsync(1);
        var node = await nodes.StartAsync(nodes.Options with
        {
            LoggerFactory = LiveNodes.Logging(log),
            Protocols = [new TestProtocol { OnCommand = _ => throw new InvalidOperationException("handler") }],
        });
        Assert.True(node.Post(200, "x"));

        await Eventually.TrueAsync(() => node.Counters.ProtocolFaults == 1, "it is counted");
        await Eventually.TrueAsync(
            () => log.Collector.GetSnapshot().Any(line => line.Exception?.Message == "handler"
                && line.Message.Contains("protocol 200", StringComparison.Ordinal)),
            "it is logged");
        await node.WaitForPeersAsync();
    }

    [Fact]
    public async Task A_protocol_that_hangs_hurts_its_own_node_only()
    {
        using var never = new ManualResetEventSlim();
        using var hangs = new ManualResetEventSlim();
        await using var nodes = await new LiveNodes().StartManyAsync(3);
        await nodes.ViewsHoldAsync(2);
        var bad = await nodes.StartAsync(nodes.Options with
        {
            Protocols = [new TestProtocol { OnCommand = _ => Hang(hangs, never) }],
        });
        await bad.WaitForPeersAsync(3);
        Assert.True(bad.Post(200, "hang"));
        Assert.True(hangs.Wait(Eventually.Deadline, TestContext.Current.CancellationToken));

        var watch = Stopwatch.StartNew();
        Assert.True(bad.TryGetPeer(out _));
        Assert.Equal(3, bad.GetPeers(5).Count);
        var accepted = 0;
        while (bad.Post(200, "more"))
        {
            accepted++;
        }

        Assert.Equal(NodeLoop.MaximumCommands, accepted);
        var busy = await Assert.ThrowsAsync<HearsayException>(() => bad.SetMetadataAsync(new byte[1]));
        Assert.True(busy.IsTransient);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        var cycles = nodes.First.Counters.Cycles;
        await Eventually.TrueAsync(() => nodes.First.Counters.Cycles > cycles + 5, "the others go on");
        await Eventually.TrueAsync(
            () => nodes.All.Take(3).All(node => node.GetView().All(peer => peer.Id != bad.Id)), "they drop it");

        await bad.LeaveAsync().WaitAsync(Eventually.Deadline);
        never.Set();
    }

    [Fact]
    public async Task Commands_reach_the_protocol_in_order_and_its_events_the_application()
    {
        await using var nodes = new LiveNodes(new MemoryNetwork());
        var node = await nodes.StartAsync(nodes.Options with { Protocols = [new TestProtocol()] });
        await using var events = node.WatchEventsAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator();
        var next = events.MoveNextAsync().AsTask();
        for (var i = 0; i < 100; i++)
        {
            Assert.True(node.Post(200, i));
        }

        for (var i = 0; i < 100; i++)
        {
            Assert.True(await next.WaitAsync(Eventually.Deadline));
            Assert.Equal(new ProtocolEvent(200, i), events.Current);
            next = events.MoveNextAsync().AsTask();
        }

        await node.LeaveAsync();
        Assert.False(await next.WaitAsync(Eventually.Deadline));
        Assert.Throws<ObjectDisposedException>(() => node.Post(200, "late"));
    }

    private static void Hang(ManualResetEventSlim hangs, ManualResetEventSlim never)
    {
        hangs.Set();
        never.Wait();
    }

    private sealed class CallbackLoggerProvider(Action callback) : ILoggerProvider, ILogger
    {
        private int _calls;

        public int Calls => Volatile.Read(ref _calls);

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            Interlocked.Increment(ref _calls);
            callback();
        }

        public void Dispose()
        {
        }
    }
}
