using Hearsay.Diagnostics;
using Hearsay.Loop;
using Hearsay.Protocols;
using Hearsay.Tests.Threads;
using Hearsay.Tests.Transport;

namespace Hearsay.Tests.Loop;

public sealed class ThreadSchedulerTests
{
    private readonly ThreadScheduler _scheduler = new();

    [Fact]
    public async Task A_node_with_a_thread_runs_on_the_schedulers_and_another_on_the_pool()
    {
        Assert.False(await RunsOnPoolAsync(hasOwnThread: true));
        Assert.True(await RunsOnPoolAsync(hasOwnThread: false));
    }

    [Fact]
    public async Task Due_times_are_kept_on_the_schedulers_thread_only()
    {
        var inputs = new InputThreads();
        var loop = LoopWith(hasOwnThread: true, null, inputs);
        loop.Start();

        await Eventually.TrueAsync(() => loop.Core.Counters.Cycles >= 2, "two cycles");

        Assert.True(inputs.Count >= 2);
        Assert.Equal(0, inputs.OnPool);
        loop.Stop(leave: false);
    }

    [Fact]
    public async Task A_handler_that_hangs_costs_its_own_node_and_its_thread_ends_when_it_comes_back()
    {
        using var back = new ManualResetEventSlim();
        Thread? hung = null;
        var bad = LoopWith(hasOwnThread: true, new TestProtocol
        {
            OnCommand = _ =>
            {
                hung = Thread.CurrentThread;
                back.Wait(Eventually.Deadline);
            },
        });
        var good = LoopWith(hasOwnThread: true, null);
        good.Start();
        bad.Start();
        await Eventually.TrueAsync(() => good.Core.Counters.Cycles >= 1, "a cycle");
        Assert.True(bad.Post((core, now) => core.Post(now, 200, "hang")));
        await Eventually.TrueAsync(() => Volatile.Read(ref hung) is not null, "it hangs");

        var cycles = good.Core.Counters.Cycles;
        await Eventually.TrueAsync(() => good.Core.Counters.Cycles >= cycles + 3, "the other node goes on");

        Assert.True(hung!.IsAlive);
        back.Set();
        await Eventually.TrueAsync(() => !hung.IsAlive, "the thread ends");
        await bad.PostAsync(static (_, _) => { }).WaitAsync(Eventually.Deadline);
        good.Stop(leave: false);
        bad.Stop(leave: false);
    }

    [Fact]
    public async Task Without_a_thread_nodes_run_on_the_pool_and_they_change_over_when_there_is_one()
    {
        var scarce = new Scarce { IsOut = true };
        var inputs = new InputThreads();
        var loop = Loops.With(
            new ThreadScheduler(scarce.Starter), new LoopPair.Wire(1) { HasOwnThread = true }, inputs, []);
        loop.Start();
        await Eventually.TrueAsync(() => loop.Core.Counters.Cycles >= 3, "three cycles");
        Assert.Equal(inputs.Count, inputs.OnPool);

        // It asks again, but not for every input.
        Assert.InRange(scarce.Starter.Refused, 1, 10);
        scarce.IsOut = false;
        await Eventually.TrueAsync(() => inputs.Count > inputs.OnPool, "it has a thread");
        var (onPool, cycles) = (inputs.OnPool, loop.Core.Counters.Cycles);
        await Eventually.TrueAsync(() => loop.Core.Counters.Cycles >= cycles + 2, "two cycles");
        Assert.Equal(onPool, inputs.OnPool);
        loop.Stop(leave: false);
    }

    [Fact]
    public async Task Where_none_can_take_over_from_a_handler_that_hangs_the_pool_does()
    {
        using var back = new ManualResetEventSlim();
        using var hangs = new ManualResetEventSlim();
        var scarce = new Scarce();
        var scheduler = new ThreadScheduler(scarce.Starter);
        var good = Loops.With(scheduler, new LoopPair.Wire(1) { HasOwnThread = true }, null, []);
        var bad = Loops.With(scheduler, new LoopPair.Wire(2) { HasOwnThread = true }, null, [new TestProtocol
        {
            OnCommand = _ =>
            {
                hangs.Set();
                back.Wait(Eventually.Deadline);
            },
        }]);
        good.Start();
        bad.Start();
        await Eventually.TrueAsync(() => good.Core.Counters.Cycles >= 1, "a cycle");
        scarce.IsOut = true;
        Assert.True(bad.Post((core, now) => core.Post(now, 200, "hang")));
        Assert.True(hangs.Wait(Eventually.Deadline));

        var cycles = good.Core.Counters.Cycles;
        await Eventually.TrueAsync(() => good.Core.Counters.Cycles >= cycles + 3, "the other node goes on");
        Assert.True(scarce.Starter.Refused > 0);
        back.Set();
        good.Stop(leave: false);
        bad.Stop(leave: false);
    }

    private async Task<bool> RunsOnPoolAsync(bool hasOwnThread)
    {
        var loop = LoopWith(hasOwnThread, null);
        loop.Start();
        var onPool = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        Assert.True(loop.Post((_, _) => onPool.SetResult(Thread.CurrentThread.IsThreadPoolThread)));
        var answer = await onPool.Task.WaitAsync(Eventually.Deadline);
        loop.Stop(leave: false);
        return answer;
    }

    private NodeLoop LoopWith(bool hasOwnThread, IProtocol? protocol, INodeEvents? events = null) => Loops.With(
        _scheduler, new LoopPair.Wire(1) { HasOwnThread = hasOwnThread }, events,
        protocol is null ? [] : [protocol]);

    /// <summary>How many inputs there were, and how many of them on threads of the pool.</summary>
    private sealed class InputThreads : INodeEvents
    {
        private int _count;
        private int _onPool;

        public int Count => Volatile.Read(ref _count);

        public int OnPool => Volatile.Read(ref _onPool);

        public void AfterInput(NodeCore core)
        {
            Interlocked.Increment(ref _count);
            Interlocked.Add(ref _onPool, Thread.CurrentThread.IsThreadPoolThread ? 1 : 0);
        }

        public void ResolveContacts()
        {
        }

        public void Notify(in NodeNotice notice)
        {
        }

        public void OnViewChange(in ViewChange change)
        {
        }

        public void OnStall(in StallReport report)
        {
        }

        public void OnStreamsBlocked(NodeAddress address)
        {
        }

        public void OnMetadata(in MetadataAnswer answer)
        {
        }

        public void Publish(byte protocol, object happened)
        {
        }
    }
}
