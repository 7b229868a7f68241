using Hearsay.Tests.Loop;
using Hearsay.Tests.Transport;
using Hearsay.Watching;

namespace Hearsay.Tests;

public sealed class WatchViewTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_watcher_gets_the_view_then_its_changes_and_ends_with_the_node()
    {
        await using var nodes = await new LiveNodes(new MemoryNetwork()).StartManyAsync(4);
        await nodes.ViewsHoldAsync(3);
        var seen = new HashSet<NodeId>();
        var first = nodes.First;
        var watching = Task.Run(async () =>
        {
            await foreach (var change in first.WatchViewAsync())
            {
                lock (seen)
                {
                    Assert.True(change.Kind switch
                    {
                        ViewChangeKind.Added => seen.Add(change.Peer.Id),
                        ViewChangeKind.Removed => seen.Remove(change.Peer.Id),
                        _ => seen.Contains(change.Peer.Id),
                    }, $"{change.Kind} of {change.Peer} fits what came before");
                }
            }
        });
        await Eventually.TrueAsync(() => Count() == 3, "the replay");

        var fifth = await nodes.StartAsync();
        await Eventually.TrueAsync(() => Count() == 4, "the change");
        await fifth.LeaveAsync();
        await Eventually.TrueAsync(() => Count() == 3, "the leave");
        await first.LeaveAsync();
        await watching.WaitAsync(Eventually.Deadline);

        int Count()
        {
            lock (seen)
            {
                return seen.Count;
            }
        }
    }

    [Fact]
    public async Task A_watcher_that_comes_while_the_view_changes_sees_no_change_before_its_replay_and_misses_none()
    {
        var events = NewEvents();
        var pair = new LoopPair(events);
        events.Attach(pair.One);
        await using var watch = events.WatchViewAsync(Cancellation).GetAsyncEnumerator(Cancellation);
        var first = watch.MoveNextAsync().AsTask();

        // The peer comes after the watch was asked for, and before the loop has got to it.
        pair.Meet();

        Assert.True(await first.WaitAsync(Eventually.Deadline));
        Assert.Equal((ViewChangeKind.Added, pair.Other.Core.Self.Id), (watch.Current.Kind, watch.Current.Peer.Id));
        pair.Other.Stop(leave: true);
        pair.Deliver();
        Assert.True(await watch.MoveNextAsync().AsTask().WaitAsync(Eventually.Deadline));
        Assert.Equal((ViewChangeKind.Removed, pair.Other.Core.Self.Id), (watch.Current.Kind, watch.Current.Peer.Id));
    }

    [Fact]
    public async Task A_slow_watcher_is_told_exactly_what_it_missed_and_where()
    {
        const int Changes = 3_000;
        var events = NewEvents();
        var pair = new LoopPair(events);
        events.Attach(pair.One);
        pair.Meet();
        await using var watch = events.WatchViewAsync(Cancellation).GetAsyncEnumerator(Cancellation);
        var first = watch.MoveNextAsync().AsTask();
        pair.One.Run();
        Assert.True(await first.WaitAsync(Eventually.Deadline));
        for (var i = 1UL; i <= Changes; i++)
        {
            events.OnViewChange(new ViewChange(ViewChangeKind.Added, new Peer(new NodeId(7, i), default, 0, 0, null)));
        }

        var next = 1UL;
        while (true)
        {
            Assert.True(await watch.MoveNextAsync().AsTask().WaitAsync(Eventually.Deadline));
            if (watch.Current.Kind == ViewChangeKind.Lagged)
            {
                break;
            }

            Assert.Equal(new NodeId(7, next++), watch.Current.Peer.Id);
        }

        // The one that was read first had made room for one more.
        Assert.Equal(NodeEvents.WatchCapacity + 1UL, next);
        Assert.Equal(Changes, (long)next - 1 + watch.Current.Missed);
    }

    [Fact]
    public async Task A_cancelled_watch_ends_with_the_exception_and_a_stopped_node_is_not_watched()
    {
        await using var nodes = new LiveNodes(new MemoryNetwork());
        var node = await nodes.StartAsync();
        using var cancelled = new CancellationTokenSource();
        var watching = node.WatchViewAsync(cancelled.Token).GetAsyncEnumerator();
        var next = watching.MoveNextAsync().AsTask();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);

        await node.LeaveAsync();
        Assert.Throws<ObjectDisposedException>(() => node.WatchViewAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_watch_that_is_cancelled_before_the_loop_gets_to_it_leaves_no_exception_and_no_watcher()
    {
        using var hold = new ManualResetEventSlim();
        using var isHeld = new ManualResetEventSlim();
        var protocol = new TestProtocol
        {
            OnCommand = _ =>
            {
                isHeld.Set();
                hold.Wait(Eventually.Deadline);
            },
        };
        await using var nodes = new LiveNodes(new MemoryNetwork());
        var node = await nodes.StartAsync(nodes.Options with { Protocols = [protocol] });
        var unobserved = 0;
        TaskScheduler.UnobservedTaskException += Count;
        Assert.True(node.Post(protocol.Id, "hold"));
        Assert.True(isHeld.Wait(Eventually.Deadline, TestContext.Current.CancellationToken)); // Not on this thread.
        for (var i = 0; i < 100; i++)
        {
            using var cancelled = new CancellationTokenSource();
            var next = node.WatchViewAsync(cancelled.Token).GetAsyncEnumerator().MoveNextAsync().AsTask();
            await cancelled.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
        }

        hold.Set();
        await node.SetMetadataAsync(new byte[1]);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        TaskScheduler.UnobservedTaskException -= Count;
        Assert.Equal(0, Volatile.Read(ref unobserved));
        // As many as a node may have find room: none of the others is left.
        using var still = new CancellationTokenSource();
        var watching = Enumerable.Range(0, 64)
            .Select(_ => node.WatchViewAsync(still.Token).GetAsyncEnumerator().MoveNextAsync().AsTask()).ToList();
        await node.SetMetadataAsync(new byte[2]);
        Assert.All(watching, watch => Assert.False(watch.IsCompleted));
        await still.CancelAsync();
        foreach (var watch in watching)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watch);
        }

        void Count(object? sender, UnobservedTaskExceptionEventArgs e)
        {
            if (e.Exception.InnerException is OperationCanceledException)
            {
                Interlocked.Increment(ref unobserved);
            }
        }
    }

    private static NodeEvents NewEvents() => new(new GossipNodeOptions(), store: null);
}
