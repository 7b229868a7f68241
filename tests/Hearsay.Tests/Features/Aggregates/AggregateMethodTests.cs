using Hearsay.Tests.Transport;

namespace Hearsay.Tests.Features.Aggregates;

/// <summary>Flow updating, push-sum and tournaments on live nodes.</summary>
public sealed class AggregateMethodTests
{
    private static readonly AggregationOptions Quick = new()
    {
        CycleTime = TimeSpan.FromMilliseconds(50), CyclesPerEpoch = 40, FirstSizeGuess = 10, TournamentCycles = 24,
    };

    private static readonly AggregateSettings Flow = new() { Method = AggregateMethod.FlowUpdating };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Flow_updating_follows_values_that_change()
    {
        await using var nodes = await StartAsync(10);
        var load = 0.0;
        var aggregates = nodes.All.Select(
            (node, i) => node.GetAggregate("load").Average(() => i + Volatile.Read(ref load), Flow)).ToList();
        await Eventually.TrueAsync(() => aggregates.All(a => Near(a.Latest, 4.5)), "all hold the average");
        Volatile.Write(ref load, 100);
        await Eventually.TrueAsync(() => aggregates.All(a => Near(a.Latest, 104.5)), "all follow the step");
        await Eventually.TrueAsync(() => aggregates.All(a => a.Final.IsReady), "all are ready");
        Assert.True((await aggregates[3].GetAsync(Cancellation)).IsFinal);
    }

    [Fact]
    public async Task A_node_that_never_heard_of_it_takes_part_and_reads_it_by_name()
    {
        await using var nodes = await StartAsync(6);
        using var defined = nodes.First.GetAggregate("load").Average(() => 7, Flow);
        await Eventually.TrueAsync(
            () => nodes.All[^1].GetAggregate("load").TryRead(out var estimate) && Near(estimate, 7),
            "the last node knows the load");
        var definition = Assert.Single(nodes.All[^1].GetAggregate("load").Definitions);
        Assert.Equal(AggregateMethod.FlowUpdating, definition.Method);
    }

    [Fact]
    public async Task Push_sum_comes_to_the_same_average()
    {
        await using var nodes = await StartAsync(10);
        var settings = new AggregateSettings { Method = AggregateMethod.PushSum };
        var aggregates = nodes.All.Select((node, i) => node.GetAggregate("load").Average(() => i, settings)).ToList();
        await Eventually.TrueAsync(
            () => aggregates.All(a => a.Final.Contributors > 0.95 && Math.Abs(a.Final.Value - 4.5) < 0.1),
            "all hold the average of a whole epoch");
    }

    [Fact]
    public async Task A_tournament_finds_a_quantile()
    {
        await using var nodes = await StartAsync(12);
        var aggregates = nodes.All.Select((node, i) => node.GetAggregate("latency").Quantile(
            0.5, epsilon: 0.1, () => i is 0 or 1 ? 1000 * i : 5)).ToList();
        await Eventually.TrueAsync(
            () => aggregates.All(a => a.Final is { IsReady: true, Value: 5 }), "all know the median");
        Assert.Equal(AggregateKind.Quantile, aggregates[0].Definition.Kind);
    }

    [Fact]
    public async Task What_a_method_cannot_compute_is_a_clear_error()
    {
        await using var nodes = await StartAsync(1);
        var named = nodes.First.GetAggregate("x");
        Assert.Throws<ArgumentException>(() => named.Max(() => 1, Flow));
        Assert.Throws<ArgumentException>(() => named.Average(() => 1, Flow with { Trimmed = true }));
        Assert.Throws<ArgumentException>(() => named.Quantile(1.5));
        Assert.Throws<ArgumentException>(() => named.Quantile(0.5, epsilon: 0.9));
        Assert.Throws<ArgumentException>(
            () => named.Average(() => 1, new AggregateSettings { Method = AggregateMethod.Tournament }));
    }

    private static bool Near(in AggregateEstimate estimate, double value) =>
        Math.Abs(estimate.Value - value) < 0.01 * value;

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
