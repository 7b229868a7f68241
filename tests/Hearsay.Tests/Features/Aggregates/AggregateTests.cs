using Hearsay.Tests.Transport;

namespace Hearsay.Tests.Features.Aggregates;

public sealed class AggregateTests
{
    private static readonly AggregationOptions Quick = new()
    {
        CycleTime = TimeSpan.FromMilliseconds(50), CyclesPerEpoch = 24, FirstSizeGuess = 10,
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task All_nodes_come_to_the_same_average()
    {
        await using var nodes = await StartAsync(12);
        var aggregates = nodes.All.Select((node, i) => node.GetAggregate("cpu").Average(() => i)).ToList();
        await Epochs.EachPassesAsync(aggregates, estimate =>
        {
            Assert.Equal(5.5, estimate.Value, 0.01);
            Assert.True(estimate.IsReady && estimate.IsFinal);
        });
    }

    [Fact]
    public async Task A_node_that_never_heard_of_an_aggregate_reads_it_by_name()
    {
        await using var nodes = await StartAsync(6);
        using var defined = nodes.First.GetAggregate("load").Max(() => 7);
        await Eventually.TrueAsync(
            () => nodes.All[^1].GetAggregate("load").TryRead(out var estimate) && estimate.Value == 7,
            "the last node knows the largest load");
    }

    [Fact]
    public async Task Two_definitions_under_one_name_are_an_error_that_lists_them()
    {
        await using var nodes = await StartAsync(2);
        using var average = nodes.First.GetAggregate("load").Average(() => 7);
        using var largest = nodes.First.GetAggregate("load").Max(() => 7);
        var error = Assert.Throws<InvalidOperationException>(() => nodes.First.GetAggregate("load").TryRead(out _));
        Assert.Contains("Average", error.Message, StringComparison.Ordinal);
        Assert.Contains("Max", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task To_say_what_holds_anyway_makes_no_other_aggregate()
    {
        await using var nodes = await StartAsync(1);
        var named = nodes.First.GetAggregate("load");
        using var first = named.Histogram(0, 1, () => 0.5);
        var settings = new AggregateSettings { Minimum = 0, Maximum = 1 };
        Assert.Throws<InvalidOperationException>(() => named.Define(AggregateKind.Histogram, 0.5, settings));
        using var other = named.Histogram(0, 1, () => 0.5, bins: 33);
        Assert.Equal(2, named.Definitions.Count);
    }

    [Fact]
    public async Task A_value_that_throws_skips_its_epoch_and_is_counted()
    {
        await using var nodes = await StartAsync(4);
        var aggregates = nodes.All.Select((node, i) => node.GetAggregate("x").Average(
            () => i == 0 ? throw new InvalidDataException() : 10)).ToList();
        await Epochs.EachPassesAsync(aggregates, estimate =>
        {
            Assert.True(estimate.IsReady);
            Assert.Equal(0.75, estimate.Contributors, 0.01);
            Assert.Equal(10, estimate.Value, 0.001);
        });
        Assert.NotEqual(0, nodes.First.Aggregates!.Service.ValueFaults);
    }

    [Fact]
    public async Task Values_are_read_outside_the_event_loop()
    {
        await using var nodes = await StartAsync(2);
        var node = nodes.First;
        var inside = new TaskCompletionSource<bool>();
        using var aggregate = node.GetAggregate("x").Average(() =>
        {
            // Would wait for ever for the loop that waits for it.
            inside.TrySetResult(node.SetMetadataAsync(new byte[] { 1 }).Wait(TimeSpan.FromSeconds(60)));
            return 1;
        });
        Assert.True(await inside.Task.WaitAsync(TimeSpan.FromSeconds(90), Cancellation));
    }

    [Fact]
    public async Task What_is_disposed_may_be_defined_again()
    {
        await using var nodes = await StartAsync(1);
        var named = nodes.First.GetAggregate("x");
        var first = named.Average(() => 1);
        Assert.Throws<InvalidOperationException>(() => named.Average(() => 2));
        first.Dispose();
        named.Average(() => 2).Dispose();
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("ä")]
    public async Task A_name_that_cannot_be_is_a_clear_error(string name)
    {
        await using var nodes = await StartAsync(1);
        Assert.ThrowsAny<ArgumentException>(() => nodes.First.GetAggregate(name).Average());
    }

    [Fact]
    public async Task Estimates_end_when_the_node_stops()
    {
        await using var nodes = await StartAsync(1);
        using var aggregate = nodes.First.GetAggregate("x").Average(() => 1);
        var read = 0;
        var reading = Task.Run(
            async () =>
            {
                await foreach (var _ in aggregate.WatchCyclesAsync(Cancellation))
                {
                    Interlocked.Increment(ref read);
                }
            }, Cancellation);
        await Eventually.TrueAsync(() => Volatile.Read(ref read) > 0, "an estimate was read");
        await nodes.First.DisposeAsync();
        await reading.WaitAsync(TimeSpan.FromSeconds(90), Cancellation);
    }

    [Fact]
    public async Task A_node_without_aggregation_says_so()
    {
        await using var nodes = new LiveNodes(new MemoryNetwork());
        var node = await nodes.StartAsync(nodes.Options with { Aggregation = null });
        Assert.Throws<InvalidOperationException>(() => node.GetAggregate("x"));
        Assert.Null(node.NetworkSize);
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
