using Hearsay.Features.Aggregates;

namespace Hearsay.Tests.Features.Aggregates;

public sealed class SettledEstimateTests
{
    private static readonly AggregateDefinition _definition = new("a", AggregateKind.Average);

    [Fact]
    public void An_estimate_is_taken_when_it_was_good_for_five_cycles()
    {
        var settled = new SettledEstimate(0.05);
        Assert.Equal([false, false, false, false, true], Take(settled, 5, 5.01, 5, 4.99, 5));
    }

    [Fact]
    public void Who_met_only_nodes_without_a_value_does_not_take_its_own_for_the_mean()
    {
        var settled = new SettledEstimate(0.05);
        Assert.Equal([false, false, false, false, false, false, true], Take(settled, 5, 5, 4, 4, 4, 4, 4));
    }

    [Fact]
    public void A_large_error_or_another_epoch_begins_anew()
    {
        var settled = new SettledEstimate(0.05);
        Assert.DoesNotContain(true, Take(settled, 5, 5, 5, 5));
        Assert.False(settled.Take(Estimate(5, error: 1)));
        Assert.DoesNotContain(true, Take(settled, 5, 5, 5, 5));
        Assert.False(settled.Take(Estimate(5, epoch: 2)));
        Assert.False(settled.Take(Estimate(double.NaN, isReady: false)));
    }

    [Fact]
    public void The_result_of_a_whole_epoch_is_taken_at_once()
    {
        var settled = new SettledEstimate(0.05);
        Assert.True(settled.Take(Estimate(5, error: 1) with { IsFinal = true }));
        Assert.False(settled.Take(Estimate(double.NaN, isReady: false) with { IsFinal = true }));
    }

    private static bool[] Take(SettledEstimate settled, params double[] values) =>
        [.. values.Select(value => settled.Take(Estimate(value)))];

    private static AggregateEstimate Estimate(double value, double error = 0, long epoch = 1, bool isReady = true) =>
        new(_definition, value, error, epoch, 3, TimeSpan.FromSeconds(3), IsFinal: false, isReady, double.NaN);
}
