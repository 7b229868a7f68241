using Hearsay.Tests.Transport;

namespace Hearsay.Tests;

public sealed class WatchViewTests
{
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
    public async Task Watchers_that_come_while_the_view_changes_see_no_change_before_their_replay()
    {
        var sampling = LiveNodes.Quick with { CycleTime = TimeSpan.FromMilliseconds(20), ViewSize = 12 };
        await using var nodes = await new LiveNodes(new MemoryNetwork(), sampling).StartManyAsync(40);
        await nodes.ViewsHoldAsync(12);
        for (var i = 0; i < 30; i++)
        {
            var seen = new HashSet<NodeId>();
            var changes = 0;
            await foreach (var change in nodes.First.WatchViewAsync())
            {
                Assert.True(change.Kind != ViewChangeKind.Added || seen.Add(change.Peer.Id), "added once");
                Assert.True(change.Kind != ViewChangeKind.Removed || seen.Remove(change.Peer.Id), "removed once");
                if (++changes > 15)
                {
                    break;
                }
            }
        }
    }

    [Fact]
    public async Task A_slow_watcher_is_told_what_it_missed_and_where()
    {
        var sampling = LiveNodes.Quick with { CycleTime = TimeSpan.FromMilliseconds(20) };
        await using var nodes = await new LiveNodes(new MemoryNetwork(), sampling).StartManyAsync(80);
        await using var reader = nodes.First.WatchViewAsync().GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Assert.True(await reader.MoveNextAsync());
        var start = nodes.First.Counters.Cycles;
        await Eventually.TrueAsync(() => nodes.First.Counters.Cycles > start + 250, "many cycles");

        var read = 1;
        while (reader.Current.Kind != ViewChangeKind.Lagged)
        {
            Assert.True(await reader.MoveNextAsync());
            Assert.InRange(++read, 1, 1_100);
        }

        Assert.True(reader.Current.Missed > 0);
        Assert.InRange(read, 1_000, 1_100);
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
        var protocol = new TestProtocol { OnCommand = _ => hold.Wait(Eventually.Deadline) };
        await using var nodes = new LiveNodes(new MemoryNetwork());
        var node = await nodes.StartAsync(nodes.Options with { Protocols = [protocol] });
        var unobserved = 0;
        TaskScheduler.UnobservedTaskException += Count;
        Assert.True(node.Post(protocol.Id, "hold"));
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
        using var still = new CancellationTokenSource();
        var watching = node.WatchViewAsync(still.Token).GetAsyncEnumerator().MoveNextAsync().AsTask();
        await node.SetMetadataAsync(new byte[2]);
        Assert.False(watching.IsCompleted);
        await still.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watching);

        void Count(object? sender, UnobservedTaskExceptionEventArgs e)
        {
            if (e.Exception.InnerException is OperationCanceledException)
            {
                Interlocked.Increment(ref unobserved);
            }
        }
    }
}
