using Hearsay.Loop;
using Hearsay.Protocols;
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
        var loop = LoopWith(hasOwnThread: true, null);
        var onPool = 0;
        loop.Drive = (_, _) => Interlocked.Add(ref onPool, Thread.CurrentThread.IsThreadPoolThread ? 1 : 0);
        loop.Start();

        await Eventually.TrueAsync(() => loop.Core.Counters.Cycles >= 2, "two cycles");

        Assert.Equal(0, Volatile.Read(ref onPool));
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

    private async Task<bool> RunsOnPoolAsync(bool hasOwnThread)
    {
        var loop = LoopWith(hasOwnThread, null);
        loop.Start();
        var onPool = false;
        await loop.PostAsync((_, _) => onPool = Thread.CurrentThread.IsThreadPoolThread).WaitAsync(Eventually.Deadline);
        loop.Stop(leave: false);
        return onPool;
    }

    private NodeLoop LoopWith(bool hasOwnThread, IProtocol? protocol) => Loops.With(
        _scheduler, new LoopPair.Wire(1) { HasOwnThread = hasOwnThread }, null, protocol is null ? [] : [protocol]);
}
