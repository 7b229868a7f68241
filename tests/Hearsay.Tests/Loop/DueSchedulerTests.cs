using Hearsay.Loop;
using Hearsay.Tests.Transport;
using Microsoft.Extensions.Time.Testing;

namespace Hearsay.Tests.Loop;

public sealed class DueSchedulerTests
{
    [Fact]
    public async Task A_node_runs_on_the_clock_it_was_given_and_on_no_other()
    {
        var time = new FakeTimeProvider();
        await using var nodes = new LiveNodes(new MemoryNetwork());
        var node = await nodes.StartAsync(nodes.Options with
        {
            Time = time, Sampling = new() { CycleTime = TimeSpan.FromSeconds(1), Jitter = 0 },
        });
        // The first cycle comes within the first period, and from then on one comes in each.
        for (var second = 1; second <= 20; second++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            var expected = second;
            await Eventually.TrueAsync(() => node.Counters.Cycles >= expected, "a cycle in each period");
        }

        Assert.InRange(node.Counters.Cycles, 20, 21);
    }

    [Fact]
    public async Task A_clock_that_stands_still_wakes_nobody()
    {
        var time = new FakeTimeProvider();
        await using var nodes = new LiveNodes(new MemoryNetwork());
        var still = await nodes.StartAsync(nodes.Options with { Time = time });
        var other = await nodes.StartAsync(nodes.Options with { Seeds = [] });
        await Eventually.TrueAsync(() => other.Counters.Cycles >= 3, "another node's clock runs");

        Assert.Equal(0, still.Counters.Cycles);
    }

    [Fact]
    public void Nodes_on_the_system_clock_share_one_timer() =>
        Assert.Same(DueScheduler.For(TimeProvider.System), DueScheduler.For(TimeProvider.System));
}
