using System.Diagnostics;
using Hearsay.Tests.Transport;
using Hearsay.Transport;
using Microsoft.Extensions.Logging.Testing;

namespace Hearsay.Tests.Loop;

/// <summary>What a node does while its application keeps every thread of the pool busy.</summary>
[Collection(nameof(RunsAlone))]
public sealed class BusyPoolTests : IDisposable
{
    private static readonly PeerSamplingOptions s_sampling = new() { CycleTime = TimeSpan.FromMilliseconds(200) };

    private readonly FakeLoggerProvider _log = new();

    public void Dispose() => _log.Dispose();

    [Fact]
    public async Task Sixteen_nodes_of_a_process_lose_no_cycle_and_no_answer_and_say_that_the_pool_is_late()
    {
        await using var nodes = new LiveNodes(null, s_sampling);
        for (var i = 0; i < ReceiveThreads.MaximumOfProcess; i++)
        {
            await nodes.StartAsync(nodes.Options with { LoggerFactory = LiveNodes.Logging(_log) });
        }

        await nodes.ViewsHoldAsync(10);
        Assert.All(nodes.All, node => Assert.True(node.Loop.HasOwnThread));
        var before = Counts();
        using (var pool = new BusyPool())
        {
            // The pool is asked once a second and is late from a second on: fifteen cycles alone may be shorter.
            var busy = Stopwatch.StartNew();
            BusyPool.Until(
                () => busy.Elapsed > TimeSpan.FromSeconds(4) && Counts().Zip(before).All(
                    pair => pair.First.Cycles >= pair.Second.Cycles + 15
                        && pair.First.Completed >= pair.Second.Completed + 10),
                "fifteen cycles, and answers to most of them");
            Assert.True(pool.IsBusy);
        }

        Assert.All(nodes.All, node => Assert.True(node.ViewCount >= 10));
        await Eventually.TrueAsync(() => Logged("The thread pool was "), "it is told");

        (long Cycles, long Completed)[] Counts() =>
            [.. nodes.All.Select(node => (node.Counters.Cycles, node.Counters.ExchangesCompleted))];
    }

    [Fact]
    public async Task Seventeen_nodes_stand_still_say_so_and_recover_and_sixteen_of_them_lose_no_cycle_again()
    {
        await using var nodes = new LiveNodes(null, s_sampling);
        for (var i = 0; i <= ReceiveThreads.MaximumOfProcess; i++)
        {
            await nodes.StartAsync(nodes.Options with { LoggerFactory = LiveNodes.Logging(_log) });
        }

        await nodes.ViewsHoldAsync(10);
        await Eventually.TrueAsync(
            () => nodes.All.All(node => !node.Loop.HasOwnThread), "all have handed over to the pool");
        using (var pool = new BusyPool())
        {
            BusyPool.Until(
                () => nodes.All.All(node => node.Loop.TimeLate > TimeSpan.FromSeconds(2)), "they count that they wait");
            Assert.True(pool.IsBusy);
        }

        await Eventually.TrueAsync(() => nodes.All.All(node => node.Loop.TimesLate > 0), "they count the stall");
        await Eventually.TrueAsync(() => Logged("The event loop was "), "they tell");
        var cycles = nodes.All.Max(node => node.Counters.Cycles) + 5;
        await Eventually.TrueAsync(
            () => nodes.All.All(node => node.Counters.Cycles > cycles && node.ViewCount >= 10), "they recover");

        await nodes.All[^1].LeaveAsync();
        var left = nodes.All.Take(ReceiveThreads.MaximumOfProcess).ToArray();
        await Eventually.TrueAsync(() => left.All(node => node.Loop.HasOwnThread), "they have threads again");
        using (var pool = new BusyPool())
        {
            cycles = left.Max(node => node.Counters.Cycles) + 5;
            BusyPool.Until(() => left.All(node => node.Counters.Cycles > cycles), "five cycles");
            Assert.True(pool.IsBusy);
        }
    }

    private bool Logged(string start) =>
        _log.Collector.GetSnapshot().Any(line => line.Message.StartsWith(start, StringComparison.Ordinal));
}
