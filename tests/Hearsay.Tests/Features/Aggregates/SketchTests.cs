using Hearsay.Tests.Transport;

namespace Hearsay.Tests.Features.Aggregates;

/// <summary>Sums, counts and samples whose merges may be repeated, on live nodes.</summary>
public sealed class SketchTests
{
    private const int Nodes = 8;

    private static readonly AggregationOptions Quick = new()
    {
        CycleTime = TimeSpan.FromMilliseconds(50), CyclesPerEpoch = 24, FirstSizeGuess = 10,
    };

    [Fact]
    public async Task Extrema_tell_a_sum_and_a_count_with_their_own_error()
    {
        await using var nodes = await StartAsync();
        var fine = new AggregateSettings { Precision = 4096 };
        var sums = nodes.All.Select((node, i) =>
            node.GetAggregate("bytes").ExtremaSum(() => 100 * (i + 1), fine)).ToList();
        var counts = nodes.All.Select((node, i) =>
            node.GetAggregate("bytes").ExtremaCount(() => i % 2 == 0, fine)).ToList();
        // Four deviations of 1/√4094.
        await AllHaveTheSameAsync(sums, static estimate =>
        {
            Assert.Equal(3600, estimate.Value, 3600 * 4 * 0.0157);
            Assert.Equal(0.0157 * estimate.Value, estimate.Error, 0.001 * estimate.Value);
        });
        await AllHaveTheSameAsync(counts, static estimate => Assert.Equal(4, estimate.Value, 4 * 4 * 0.0157));
    }

    [Fact]
    public async Task A_sample_of_values_holds_those_of_all_nodes()
    {
        await using var nodes = await StartAsync();
        var samples = nodes.All.Select((node, i) => node.GetAggregate("ms").Sample(() => i)).ToList();
        await AllHaveTheSameAsync(samples, static estimate =>
        {
            Assert.Equal(Nodes, estimate.Value);
            Assert.Equal(0, estimate.Error);
            Assert.True(estimate.Sample!.IsWhole);
            Assert.Equal(Enumerable.Range(0, Nodes).Select(i => (double)i), estimate.Sample.Values.ToArray().Order());
        });
    }

    [Fact]
    public async Task A_sample_of_named_items_counts_each_once_and_tells_quantiles()
    {
        await using var nodes = await StartAsync();
        // Every item lies on two nodes: 1,600 different ones, with values 0 to 1,599.
        var samples = nodes.All.Select((node, i) => node.GetAggregate("files").Sample(
            () => Enumerable.Range(200 * i, 400).Select(static file => file % 1600)
                .Select(static file => KeyValuePair.Create($"file-{file}", (double)file)))).ToList();
        await AllHaveTheSameAsync(samples, static estimate =>
        {
            Assert.Equal(1600, estimate.Value, 4 * estimate.Error);
            Assert.InRange(estimate.Error / estimate.Value, 0.06, 0.066);
            var sample = Assert.IsType<AggregateSample>(estimate.Sample);
            Assert.Equal(256, sample.Count);
            var error = 4 * sample.RankError(0.5);
            Assert.InRange(sample.Quantile(0.5) / 1600, 0.5 - error, 0.5 + error);
        });
    }

    [Fact]
    public async Task A_sample_is_read_by_name_where_nobody_defined_it()
    {
        await using var nodes = await StartAsync();
        using var defined = nodes.First.GetAggregate("ms").Sample(() => Enumerable.Repeat(7.0, 20));
        await Eventually.TrueAsync(
            () => nodes.All[^1].GetAggregate("ms").TryRead(out var estimate) && estimate.Sample is { Count: 20 },
            "the last node knows the sample");
    }

    [Fact]
    public async Task Only_nodes_that_say_yes_are_counted()
    {
        await using var nodes = await StartAsync();
        var some = nodes.All.Select((node, i) => node.GetAggregate("some").Count(() => i < 3)).ToList();
        var none = nodes.All.Select(node => node.GetAggregate("none").Count(() => false)).ToList();
        await Epochs.EachPassesAsync(some, static e => Assert.Equal(3, e.Value, 0.1));
        await Epochs.EachPassesAsync(none, static e => Assert.Equal((0, true), (e.Value, e.IsReady)));
    }

    private static async Task<LiveNodes> StartAsync()
    {
        var nodes = new LiveNodes(new MemoryNetwork());
        for (var i = 0; i < Nodes; i++)
        {
            await nodes.StartAsync(nodes.Options with { Aggregation = Quick });
        }

        await nodes.ViewsHoldAsync(Nodes - 1);
        return nodes;
    }

    /// <summary>In one epoch all nodes hold the same to the last bit, and what they hold is right.</summary>
    private static Task AllHaveTheSameAsync(List<Aggregate> aggregates, Action<AggregateEstimate> check) =>
        Epochs.TogetherPassAsync(aggregates, estimates =>
        {
            Assert.Single(estimates.Select(static estimate => estimate.Value).Distinct());
            Assert.All(estimates, check);
        });
}
