using Hearsay.Features.Maps;
using Hearsay.Protocols.AntiEntropy;
using Hearsay.Protocols.AntiEntropy.Replica;
using Hearsay.Tests.Transport;

namespace Hearsay.Tests.Features.Maps;

/// <summary>What is known to be at other nodes: of a write, and of a node that leaves.</summary>
public sealed class MapConcernTests
{
    private static readonly MapOptions s_quick = new() { CycleTime = TimeSpan.FromMilliseconds(100) };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Everything_that_was_written_is_elsewhere_before_a_node_leaves()
    {
        const int Large = 24;

        // With the usual cycle of tests nodes on a busy machine lose each other from their views.
        await using var nodes = new LiveNodes(
            new MemoryNetwork(), new PeerSamplingOptions { CycleTime = TimeSpan.FromSeconds(1) });
        var leaving = await nodes.StartAsync(nodes.Options with { Maps = s_quick, LeaveTimeout = Eventually.Deadline });
        var staying = await nodes.StartAsync(nodes.Options with { Maps = s_quick });
        await nodes.ViewsHoldAsync(1);
        var (map, other) = (leaving.GetMap("m"), staying.GetMap("m"));
        await map.SetAsync("warm", "1", WriteConcern.Nodes(1, Eventually.Deadline), Cancellation);
        for (var i = 0; i < Large; i++)
        {
            // Too long for broadcast, so that they come later than the last one.
            await map.SetAsync($"large {i}", new byte[1 << 20], cancellationToken: Cancellation);
        }

        await map.SetAsync("last", "x", cancellationToken: Cancellation);
        var left = await leaving.LeaveAsync(Cancellation);
        var there = Enumerable.Range(0, Large).Count(i => other.TryGet($"large {i}", out _));
        Assert.Equal((true, Large, true), (left.IsKnown, there, other.TryGet("last", out _)));
    }

    [Fact]
    public async Task A_leave_with_writes_that_nobody_else_has_does_not_say_that_all_is_well()
    {
        await using var nodes = new LiveNodes(new MemoryNetwork());
        var alone = await nodes.StartAsync(nodes.Options with { Maps = s_quick });
        await alone.GetMap("m").SetAsync("k", "v", cancellationToken: Cancellation);
        Assert.False((await alone.LeaveAsync(Cancellation)).IsKnown);
        var reads = await nodes.StartAsync(nodes.Options with { Maps = s_quick, Seeds = [] });
        reads.GetMap("m").TryGet("k", out _);
        Assert.True((await reads.LeaveAsync(Cancellation)).IsComplete);
    }

    /// <summary>A writer that looked whether the node leaves just before it did.</summary>
    [Fact]
    public async Task What_reaches_the_loop_after_all_was_handed_over_is_refused()
    {
        await using var nodes = new LiveNodes(new MemoryNetwork());
        var leaving = await nodes.StartAsync(nodes.Options with { Maps = s_quick });
        var map = leaving.GetMap("m");
        await map.SetAsync("k", "v", cancellationToken: Cancellation);
        var service = leaving.Feature<MapsFeature>()!.Service;
        await service.HandOverAsync(TimeSpan.Zero, Cancellation);
        var outcomes = new List<WriteOutcome>();
        var late = await Record.ExceptionAsync(() => leaving.Loop.PostAsync((core, now) => service.Write(
            core, now, new PublishedStore(null), new MapWriteCommand(
                "m", [MapChange.Remove(MapKeys.Path("k"))], 1, (outcome, _) => outcomes.Add(outcome)))));
        Assert.Equal((true, 0), (late is ObjectDisposedException, outcomes.Count));
        Assert.True(map.TryGet("k", out _));
    }

    [Fact]
    public async Task Of_thousands_of_writes_at_once_each_is_confirmed_or_was_not_done()
    {
        await using var nodes = new LiveNodes(new MemoryNetwork());
        var map = (await nodes.StartAsync(nodes.Options with { Maps = s_quick })).GetMap("m");
        await nodes.StartAsync(nodes.Options with { Maps = s_quick });
        await nodes.ViewsHoldAsync(1);
        var concern = WriteConcern.Nodes(1, Eventually.Deadline);
        await map.SetAsync("warm", "1", concern, Cancellation);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 3_000).Select(async _ =>
        {
            try
            {
                await map.IncrementAsync("c", 1, concern, Cancellation);
                return true;
            }
            catch (HearsayException busy) when (busy.IsTransient)
            {
                return false;
            }
        }));
        Assert.True(map.TryGet("c", out var counter));
        Assert.Equal(outcomes.Count(static isDone => isDone), counter.Count);
    }
}
