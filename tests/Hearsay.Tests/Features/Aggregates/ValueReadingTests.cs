using System.Collections.Concurrent;
using Hearsay.Features.Aggregates;
using Hearsay.Tests.Threads;
using Hearsay.Tests.Transport;

namespace Hearsay.Tests.Features.Aggregates;

/// <summary>Applications are asked for their values on threads of their own, which they may hold.</summary>
public sealed class ValueReadingTests
{
    private static readonly AggregationOptions Quick = new()
    {
        CycleTime = TimeSpan.FromMilliseconds(50), CyclesPerEpoch = 24, FirstSizeGuess = 10,
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Values_are_read_neither_in_the_loop_nor_on_the_thread_pool()
    {
        await using var nodes = await StartAsync(1);
        var onPool = new TaskCompletionSource<bool>();
        using var aggregate = nodes.First.GetAggregate("x").Average(() =>
        {
            onPool.TrySetResult(Thread.CurrentThread.IsThreadPoolThread);
            return 1;
        });
        Assert.False(await onPool.Task.WaitAsync(Eventually.Deadline, Cancellation));
    }

    [Fact]
    public async Task Callbacks_that_hang_hold_up_neither_the_node_nor_other_values()
    {
        using var never = new ManualResetEventSlim();
        await using var nodes = await StartAsync(2);
        var node = nodes.First;
        var hanging = 0;
        for (var i = 0; i < Quick.MaximumDefinitions - 1; i++)
        {
            node.GetAggregate($"hangs{i}").Average(() =>
            {
                Interlocked.Increment(ref hanging);
                never.Wait(Cancellation);
                return 1;
            });
        }

        await Eventually.TrueAsync(() => hanging == Quick.MaximumDefinitions - 1, "all hang");
        using var good = node.GetAggregate("good").Average(() => 7);
        await Eventually.TrueAsync(
            () => good.Final is { IsReady: true } final && Math.Abs(final.Value - 7) < 1e-6, "the last one counts");
        // The pool is free: what would wait for a thread comes at once.
        await node.SetMetadataAsync(new byte[] { 1 }).WaitAsync(Eventually.Deadline, Cancellation);
        await Eventually.TrueAsync(() => node.Aggregates!.Service.ValuesSkipped > 0, "those that hang are counted");
        never.Set();
    }

    [Fact]
    public async Task A_callback_that_hangs_holds_its_own_claim_only_and_what_it_returns_later_counts_for_nobody()
    {
        using var release = new ManualResetEventSlim();
        using var hangs = new ManualResetEventSlim();
        await using var nodes = await StartAsync(1);
        var named = nodes.First.GetAggregate("x");
        var bad = named.Average(() =>
        {
            hangs.Set();
            release.Wait(Cancellation);
            return 1000;
        });
        Assert.True(hangs.Wait(Eventually.Deadline, Cancellation));
        bad.Dispose();
        var asked = 0;
        using var good = named.Average(() => Interlocked.Increment(ref asked) > 0 ? 9 : 0);
        await Eventually.TrueAsync(() => good.Final is { IsReady: true, Value: 9 }, "the new callback counts");
        var values = new ConcurrentBag<double>();
        release.Set();
        await foreach (var estimate in good.WatchCyclesAsync(Cancellation))
        {
            values.Add(estimate.Value);
            if (estimate.IsFinal && values.Count > 2 * Quick.CyclesPerEpoch)
            {
                break;
            }
        }

        Assert.All(values, value => Assert.True(value is 9 or double.NaN, $"{value}"));
    }

    [Fact]
    public void A_thread_without_work_ends_and_another_takes_its_place()
    {
        var threads = new ValueThreads(4, 100, TimeSpan.FromMilliseconds(20));
        var service = new AggregateService(new AggregationOptions(), TimeProvider.System);
        for (var round = 0; round < 3; round++)
        {
            using var done = new CountdownEvent(10);
            for (var i = 0; i < 10; i++)
            {
                Assert.True(threads.TryRead(Claim(service, () => done.Signal())));
            }

            Assert.True(done.Wait(Eventually.Deadline, Cancellation));
            Assert.InRange(threads.Threads, 0, 4);
            Assert.True(SpinWait.SpinUntil(() => threads.Threads == 0, Eventually.Deadline));
        }
    }

    [Fact]
    public void Threads_and_what_waits_for_them_are_bounded()
    {
        var threads = new ValueThreads(2, 3, TimeSpan.FromMilliseconds(20));
        var service = new AggregateService(new AggregationOptions(), TimeProvider.System);
        using var release = new ManualResetEventSlim();
        using var running = new CountdownEvent(2);
        using var done = new CountdownEvent(5);
        void Hang()
        {
            if (!running.IsSet)
            {
                running.Signal();
            }

            release.Wait(Cancellation);
            done.Signal();
        }

        Assert.True(threads.TryRead(Claim(service, Hang)));
        Assert.True(threads.TryRead(Claim(service, Hang)));
        Assert.True(running.Wait(Eventually.Deadline, Cancellation));
        Assert.All(Enumerable.Range(0, 3), _ => Assert.True(threads.TryRead(Claim(service, Hang))));
        Assert.False(threads.TryRead(Claim(service, Hang)));
        Assert.Equal(2, threads.Threads);
        release.Set();
        Assert.True(done.Wait(Eventually.Deadline, Cancellation));
    }

    [Fact]
    public void Where_there_is_no_thread_for_a_value_it_is_left_out_and_the_next_one_is_read()
    {
        var scarce = new Scarce { IsOut = true };
        var threads = new ValueThreads(4, 100, TimeSpan.FromSeconds(10), scarce.Starter);
        var service = new AggregateService(new AggregationOptions(), TimeProvider.System);
        using var done = new CountdownEvent(2);
        Assert.False(threads.TryRead(Claim(service, () => Assert.Fail("It was left out."))));
        Assert.Equal(0, threads.Threads);

        scarce.IsOut = false;
        Assert.True(threads.TryRead(Claim(service, () => done.Signal())));
        Assert.True(SpinWait.SpinUntil(() => done.CurrentCount == 1, Eventually.Deadline));
        Assert.Equal(1, threads.Threads);

        // Where there is one thread, it comes to what waits.
        scarce.IsOut = true;
        using var release = new ManualResetEventSlim();
        using var hangs = new ManualResetEventSlim();
        Assert.True(threads.TryRead(Claim(service, () =>
        {
            hangs.Set();
            release.Wait(Cancellation);
        })));
        Assert.True(hangs.Wait(Eventually.Deadline, Cancellation));
        Assert.True(threads.TryRead(Claim(service, () => done.Signal())));
        release.Set();
        Assert.True(done.Wait(Eventually.Deadline, Cancellation));
        Assert.Equal(1, threads.Threads);
    }

    private static ValueClaim Claim(AggregateService service, Action callback)
    {
        var feed = new AggregateFeed(1, new AggregateDefinition("x", AggregateKind.Average));
        var claim = new ValueClaim(feed, () =>
        {
            callback();
            return null;
        }, service);
        Assert.True(claim.TryAsk(1));
        Assert.False(claim.TryAsk(2));
        return claim;
    }

    private static async Task<LiveNodes> StartAsync(int count)
    {
        var nodes = new LiveNodes(new MemoryNetwork());
        for (var i = 0; i < count; i++)
        {
            await nodes.StartAsync(nodes.Options with { Aggregation = Quick });
        }

        await nodes.ViewsHoldAsync(count - 1);
        return nodes;
    }
}
