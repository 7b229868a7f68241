using Hearsay.Features.Aggregates;
using Hearsay.Tests.Transport;

namespace Hearsay.Tests.Features.Aggregates;

/// <summary>Aggregates that are more than a number.</summary>
public sealed class DistributionTests
{
    private const int Nodes = 8;

    private static readonly AggregationOptions Quick = new()
    {
        CycleTime = TimeSpan.FromMilliseconds(50), CyclesPerEpoch = 24, FirstSizeGuess = 10,
    };

    [Fact]
    public async Task Quantiles_of_all_values_of_all_nodes_are_read_on_every_node()
    {
        await using var nodes = await StartAsync();
        // Node i holds 100i + 1 to 100i + 100: together 1 to 800.
        var aggregates = nodes.All.Select((node, i) => node.GetAggregate("ms").Quantiles(
            () => Enumerable.Range((100 * i) + 1, 100).Select(static value => (double)value),
            new AggregateSettings { Minimum = 0, Maximum = 1e6 })).ToList();
        await Epochs.EachPassesAsync(aggregates, static estimate =>
        {
            var distribution = Assert.IsType<AggregateDistribution>(estimate.Distribution);
            Assert.Equal(400, distribution.Quantile(0.5), 400 * 0.015);
            Assert.Equal(720, distribution.Quantile(0.9), 720 * 0.015);
            Assert.Equal(792, distribution.Quantile(0.99), 792 * 0.015);
            Assert.Equal(estimate.Value, distribution.Quantile(0.5));
        });
    }

    [Fact]
    public async Task A_node_that_holds_many_values_weighs_as_many()
    {
        await using var nodes = await StartAsync();
        var aggregates = nodes.All.Select((node, i) => node.GetAggregate("ms").Quantiles(
            () => Enumerable.Repeat(i == 0 ? 1.0 : 1000.0, i == 0 ? 93 : 1))).ToList();
        await Epochs.EachPassesAsync(aggregates, static estimate =>
        {
            var distribution = Assert.IsType<AggregateDistribution>(estimate.Distribution);
            Assert.Equal(1, distribution.Quantile(0.9), 0.02);
            Assert.Equal(1000, distribution.Quantile(0.95), 15.0);
        });
    }

    [Fact]
    public async Task Histogram_tells_the_share_of_each_bin()
    {
        await using var nodes = await StartAsync();
        var aggregates = nodes.All.Select((node, i) =>
            node.GetAggregate("load").Histogram(0, 4, () => i % 2 == 0 ? 0.5 : 3.5, bins: 4)).ToList();
        await Epochs.EachPassesAsync(aggregates, static estimate =>
        {
            var distribution = Assert.IsType<AggregateDistribution>(estimate.Distribution);
            Assert.Equal(4, distribution.BucketCount);
            var shares = Enumerable.Range(0, 4).Select(bin => Math.Round(distribution.ShareOf(bin), 3));
            Assert.Equal([0.5, 0, 0, 0.5], shares);
            Assert.Equal(3, distribution.ValueAt(3));
        });
    }

    [Fact]
    public async Task Distinct_count_counts_an_item_once_on_however_many_nodes_it_lies()
    {
        await using var nodes = await StartAsync();
        // Every item lies on two nodes: 800 different ones among 1,600.
        var aggregates = nodes.All.Select((node, i) => node.GetAggregate("users").DistinctCount(
            () => Enumerable.Range(100 * i, 200).Select(static item => $"user-{item % 800}"))).ToList();
        await Epochs.TogetherPassAsync(aggregates, static estimates =>
        {
            Assert.All(estimates, estimate => Assert.Equal(800, estimate.Value, 800 * 0.10));
            Assert.Single(estimates.Select(static estimate => estimate.Value).Distinct());
        });
    }

    [Fact]
    public async Task A_distribution_is_read_by_name_where_nobody_defined_it()
    {
        await using var nodes = await StartAsync();
        using var defined = nodes.First.GetAggregate("ms").Quantiles(() => 7);
        await Eventually.TrueAsync(
            () => nodes.All[^1].GetAggregate("ms").TryRead(out var estimate)
                && Math.Abs((estimate.Distribution?.Quantile(0.5) ?? 0) - 7) < 0.1,
            "the last node knows the distribution");
    }

    [Fact]
    public async Task A_node_takes_part_in_several_distributions_and_what_has_no_room_is_refused_where_it_is_asked()
    {
        await using var nodes = await StartAsync();
        var node = nodes.First;
        var aggregates = Enumerable.Range(0, 4).Select(i => node.GetAggregate($"q{i}").Quantiles(() => 5)).ToList();
        await Eventually.TrueAsync(
            () => aggregates.TrueForAll(a => a.Final.IsReady && Math.Abs(a.Final.Value - 5) < 0.1), "all are ready");
        var error = Assert.Throws<InvalidOperationException>(() =>
        {
            for (var i = 4; i < 32; i++)
            {
                aggregates.Add(node.GetAggregate($"q{i}").Quantiles(() => 5));
            }
        });
        Assert.Contains("bytes of state", error.Message, StringComparison.Ordinal);
        Assert.InRange(aggregates.Count, 8, 12);
        // Room that is given back can be taken again.
        aggregates[0].Dispose();
        node.GetAggregate("again").Quantiles(() => 5).Dispose();
    }

    [Fact]
    public void No_values_are_no_input_and_too_many_are_cut()
    {
        Assert.Null(AggregateValues.OfNumbers([]));
        Assert.Equal(NamedAggregate.MaximumValues, AggregateValues.OfNumbers(Endless())!.Value.Values.Length);
        Assert.Null(AggregateValues.OfItems([]));
    }

    [Fact]
    public void Items_without_end_are_refused_and_not_read_for_ever() => Assert.Throws<InvalidOperationException>(
        () => AggregateValues.OfItems(Endless().Select(static number => number.ToString("R"))));

    [Fact]
    public void Items_with_half_of_a_surrogate_pair_are_refused_and_not_counted_as_one() =>
        Assert.ThrowsAny<ArgumentException>(() => AggregateValues.OfItems(["\ud800", "\ud801"]));

    [Fact]
    public void An_item_has_one_hash_however_long_it_is()
    {
        var items = new[] { "a", "b", new string('a', 511), new string('a', 512), new string('ä', 512) };
        var hashes = AggregateValues.OfItems(items.Concat(items))!.Value.Items.ToArray();
        Assert.Equal(hashes[..items.Length], hashes[items.Length..]);
        Assert.Equal(items.Length, hashes.Distinct().Count());
    }

    private static IEnumerable<double> Endless()
    {
        for (var i = 0.0; ; i++)
        {
            yield return i;
        }
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
}
