using System.Text;
using Hearsay.Tests.Transport;
using Microsoft.Extensions.Logging;

namespace Hearsay.Tests.Features.Requests;

public sealed class RequestTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>What the README shows.</summary>
    [Fact]
    public async Task The_program_of_the_readme_asks_the_peer_that_it_was_given()
    {
        await using var nodes = new LiveNodes();
        var other = await nodes.StartAsync();
        var node = await nodes.StartAsync();
        await nodes.ViewsHoldAsync(1);
        using var answers = other.HandleRequests("load", async (request, cancellationToken) =>
        {
            await Task.Yield();
            return Encoding.UTF8.GetBytes($"{request.Text}: 0.7");
        });

        Assert.True(node.TryGetPeer(out var peer));
        var answer = await node.RequestAsync(peer, "load", "cpu", Cancellation);

        Assert.Equal("cpu: 0.7", answer.Text);
        Assert.True(answer.Elapsed > TimeSpan.Zero);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(200)]
    [InlineData(1_100)]
    [InlineData(5_000)]
    [InlineData(RequestOptions.LargestPayloadBytes)]
    public async Task Requests_and_answers_of_every_length_arrive_whole(int length)
    {
        await using var nodes = await StartTwoAsync(null);
        var payload = new byte[length];
        new Random(length).NextBytes(payload);
        using var echo = nodes.First.HandleRequests(
            "echo", static (request, _) => ValueTask.FromResult(request.Payload));

        for (var i = 0; i < 3; i++)
        {
            var answer = await nodes.All[1].RequestAsync(PeerOf(nodes.First), "echo", payload, Cancellation);
            Assert.Equal(payload, answer.Payload.ToArray());
        }
    }

    [Fact]
    public async Task A_handler_learns_who_asks()
    {
        await using var nodes = await StartTwoAsync();
        var from = new TaskCompletionSource<Peer>();
        using var echo = nodes.First.HandleRequests("who", (request, _) =>
        {
            from.TrySetResult(request.From);
            return ValueTask.FromResult(request.Payload);
        });
        await nodes.All[1].RequestAsync(PeerOf(nodes.First), "who", "x", Cancellation);
        var asker = await from.Task.WaitAsync(Cancellation);
        Assert.Equal((nodes.All[1].Id, nodes.All[1].LocalAddress), (asker.Id, asker.Address));
    }

    [Fact]
    public async Task Who_gets_no_answer_learns_why()
    {
        var log = new HandlerLog();
        await using var nodes = new LiveNodes(new MemoryNetwork());
        await nodes.StartAsync(nodes.Options with { LoggerFactory = LiveNodes.Logging(log) });
        await nodes.StartAsync();
        await nodes.ViewsHoldAsync(1);
        using var fails = nodes.First.HandleRequests("fails", static (_, _) => throw new FormatException("secret"));
        using var tooLong = nodes.First.HandleRequests(
            "long", static (_, _) => ValueTask.FromResult<ReadOnlyMemory<byte>>(new byte[60_001]));

        var none = await FailureAsync(nodes, "nobody");
        Assert.Equal((RequestFailure.NoHandler, false, false), (none.Failure, none.MayHaveRun, none.IsTransient));
        var failed = await FailureAsync(nodes, "fails");
        Assert.Equal(
            (RequestFailure.HandlerFailed, true, false), (failed.Failure, failed.MayHaveRun, failed.IsTransient));
        Assert.DoesNotContain("secret", failed.Message, StringComparison.Ordinal);
        Assert.Equal(RequestFailure.HandlerFailed, (await FailureAsync(nodes, "long")).Failure);
        Assert.Equal(RequestFailure.HandlerFailed, (await FailureAsync(nodes, "fails")).Failure);
        await Eventually.TrueAsync(() => !log.Errors.IsEmpty, "the error is logged");
        await nodes.First.LeaveAsync();
        Assert.Equal(["secret", "An answer has at most 60000 bytes, not 60001."], log.Errors);
    }

    [Fact]
    public async Task A_peer_that_is_gone_is_given_up_and_so_is_a_handler_that_hangs()
    {
        await using var nodes = new LiveNodes(new MemoryNetwork());
        var options = new RequestOptions { Timeout = TimeSpan.FromSeconds(2) };
        await nodes.StartAsync();
        await nodes.StartAsync(nodes.Options with { Requests = options });
        await nodes.ViewsHoldAsync(1);
        var cancelled = new TaskCompletionSource();
        using var hangs = nodes.First.HandleRequests("hangs", async (request, cancellationToken) =>
        {
            cancellationToken.Register(cancelled.SetResult);
            await cancelled.Task;
            return request.Payload;
        });

        Assert.Equal(RequestFailure.NoAnswer, (await FailureAsync(nodes, "hangs")).Failure);
        await cancelled.Task.WaitAsync(Eventually.Deadline, Cancellation);

        var first = PeerOf(nodes.First);
        await nodes.First.CrashAsync();
        var gone = await Assert.ThrowsAsync<RequestException>(
            () => nodes.All[1].RequestAsync(first, "hangs", "x", Cancellation));
        Assert.Equal((RequestFailure.NoAnswer, true), (gone.Failure, gone.IsTransient));
    }

    [Fact]
    public async Task Who_cancels_is_released_at_once_and_the_handler_is_told()
    {
        await using var nodes = await StartTwoAsync();
        var (started, cancelled) = (new TaskCompletionSource(), new TaskCompletionSource());
        using var hangs = nodes.First.HandleRequests("hangs", async (request, cancellationToken) =>
        {
            started.SetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken)
                .ContinueWith(_ => cancelled.SetResult(), TaskScheduler.Default);
            return request.Payload;
        });
        using var source = new CancellationTokenSource();
        var asked = nodes.All[1].RequestAsync(PeerOf(nodes.First), "hangs", "x", source.Token);
        await started.Task.WaitAsync(Eventually.Deadline, Cancellation);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        await cancelled.Task.WaitAsync(Eventually.Deadline, Cancellation);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_handler_may_stop_its_node_and_wait_for_that(bool isDisposed)
    {
        await using var nodes = await StartTwoAsync();
        var (node, stopped) = (nodes.First, new TaskCompletionSource<TimeSpan>());
        using var stop = node.HandleRequests("stop", async (_, _) =>
        {
            var start = TimeProvider.System.GetTimestamp();
            await Task.Yield();
            await (isDisposed ? node.DisposeAsync().AsTask() : node.LeaveAsync(CancellationToken.None));
            stopped.TrySetResult(TimeProvider.System.GetElapsedTime(start));
            return ReadOnlyMemory<byte>.Empty;
        });

        var asked = nodes.All[1].RequestAsync(PeerOf(node), "stop", "", Cancellation);
        var took = await stopped.Task.WaitAsync(TimeSpan.FromSeconds(60), Cancellation);
        Assert.InRange(took.TotalSeconds, 0, nodes.Options.LeaveTimeout.TotalSeconds / 2);
        await nodes.All[1].DisposeAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => asked);
    }

    [Fact]
    public async Task A_node_that_stops_releases_who_asks_and_one_that_leaves_answers_first()
    {
        await using var nodes = await StartTwoAsync();
        var (started, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        using var slow = nodes.First.HandleRequests("slow", async (request, _) =>
        {
            started.TrySetResult();
            await go.Task;
            return request.Payload;
        });
        var asked = nodes.All[1].RequestAsync(PeerOf(nodes.First), "slow", "x", Cancellation);
        await started.Task.WaitAsync(Eventually.Deadline, Cancellation);
        var leaving = nodes.First.LeaveAsync();
        await Task.Delay(50, Cancellation);
        go.SetResult();
        Assert.Equal("x", (await asked).Text);
        await leaving;

        var peer = PeerOf(nodes.First);
        var hopeless = nodes.All[1].RequestAsync(peer, "slow", "x", Cancellation);
        await nodes.All[1].CrashAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => hopeless);
        await Assert.ThrowsAsync<ObjectDisposedException>(
            () => nodes.All[1].RequestAsync(peer, "slow", "x", Cancellation));
        Assert.Throws<ObjectDisposedException>(
            () => nodes.All[1].HandleRequests("late", static (request, _) => ValueTask.FromResult(request.Payload)));
    }

    [Fact]
    public async Task What_cannot_be_asked_or_handled_is_refused_where_it_is_said()
    {
        await using var nodes = await StartTwoAsync();
        var (node, peer) = (nodes.First, PeerOf(nodes.All[1]));
        static ValueTask<ReadOnlyMemory<byte>> Echo(PeerRequest request, CancellationToken _) =>
            ValueTask.FromResult(request.Payload);

        await Assert.ThrowsAsync<ArgumentException>(() => node.RequestAsync(default, "a", "x", Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => node.RequestAsync(PeerOf(node), "a", "x", Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => node.RequestAsync(peer, "", "x", Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(
            () => node.RequestAsync(peer, new string('é', 33), "x", Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => node.RequestAsync(peer, "a", "\ud800", Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(
            () => node.RequestAsync(peer, "a", new byte[60_001], Cancellation));
        using var once = node.HandleRequests("a", Echo);
        Assert.Throws<InvalidOperationException>(() => node.HandleRequests("a", Echo));
        once.Dispose();
        using var again = node.HandleRequests("a", Echo);
        var more = Enumerable.Range(0, 255).Select(i => node.HandleRequests($"h{i}", Echo)).ToArray();
        Assert.Throws<InvalidOperationException>(() => node.HandleRequests("one too many", Echo));
        Array.ForEach(more, static one => one.Dispose());

        var options = new GossipNodeOptions { Requests = new RequestOptions { PerSecond = 0 } };
        var bad = await Assert.ThrowsAsync<ArgumentException>(() => GossipNode.StartAsync(options, Cancellation));
        Assert.Contains(
            "Requests.PerSecond must be from 1 to 1,000,000, not 0.", bad.Message, StringComparison.Ordinal);
    }

    /// <summary>A process that floods one handler gets no more than its share, and nothing else suffers.</summary>
    [Fact]
    public async Task More_than_may_run_at_a_time_is_answered_busy_at_once()
    {
        await using var nodes = new LiveNodes(new MemoryNetwork());
        await nodes.StartAsync(nodes.Options with { Requests = new RequestOptions { MaximumConcurrent = 8 } });
        await nodes.StartAsync();
        await nodes.ViewsHoldAsync(1);
        var go = new TaskCompletionSource();
        using var slow = nodes.First.HandleRequests("slow", async (request, _) =>
        {
            await go.Task;
            return request.Payload;
        });
        var asked = Enumerable.Range(0, 20)
            .Select(i => nodes.All[1].RequestAsync(PeerOf(nodes.First), "slow", $"{i}", Cancellation)).ToArray();
        await Eventually.TrueAsync(() => asked.Count(static one => one.IsFaulted) == 18, "18 are shed");
        go.SetResult();
        var answered = await Task.WhenAll(asked.Where(static one => !one.IsFaulted));
        Assert.Equal(2, answered.Length);
        Assert.All(asked.Where(static one => one.IsFaulted), static one => Assert.Equal(
            RequestFailure.Busy, Assert.IsType<RequestException>(one.Exception!.InnerException).Failure));
    }

    /// <summary>
    /// "Busy" promises that nothing ran. What a handler called may be busy after the handler has done something, so
    /// only a refusal in so many words is one.
    /// </summary>
    [Fact]
    public async Task A_refusal_of_a_handler_is_busy_and_a_busy_node_that_it_called_is_not()
    {
        await using var nodes = await StartTwoAsync();
        using var refuses = nodes.First.HandleRequests("refuses", static (_, _) => throw new RequestRefusedException());
        using var calls = nodes.First.HandleRequests(
            "calls", static (_, _) => throw new RequestException(RequestFailure.Busy, "somebody else is busy"));

        var refused = await FailureAsync(nodes, "refuses");
        Assert.Equal((RequestFailure.Busy, false, true), (refused.Failure, refused.MayHaveRun, refused.IsTransient));
        var failed = await FailureAsync(nodes, "calls");
        Assert.Equal((RequestFailure.HandlerFailed, true), (failed.Failure, failed.MayHaveRun));
    }

    private static Peer PeerOf(GossipNode node) => node.Loop.Core.Self.ToPeer();

    private static async Task<LiveNodes> StartTwoAsync() => await StartTwoAsync(new MemoryNetwork());

    private static async Task<LiveNodes> StartTwoAsync(MemoryNetwork? network)
    {
        var nodes = new LiveNodes(network);
        await nodes.StartAsync();
        await nodes.StartAsync();
        await nodes.ViewsHoldAsync(1);
        return nodes;
    }

    private static Task<RequestException> FailureAsync(LiveNodes nodes, string name) =>
        Assert.ThrowsAsync<RequestException>(
            () => nodes.All[1].RequestAsync(PeerOf(nodes.First), name, "x", Cancellation));
}
