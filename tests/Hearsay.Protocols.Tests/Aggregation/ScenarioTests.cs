namespace Hearsay.Protocols.Tests.Aggregation;

public sealed class ScenarioTests
{
    [Theory]
    [InlineData(0.1)]
    [InlineData(0.3)]
    [InlineData(0.9)]
    public void The_sum_of_values_does_not_change_however_exchanges_overlap(double roundTripCycles) =>
        Assert.Null(AggregationScenarios.OverlappingExchangesConserveTheSum(roundTripCycles));

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.2)]
    public void Repeated_requests_conserve_the_sum_under_loss(double loss) =>
        Assert.Null(AggregationScenarios.RetriesConserveTheSum(loss));

    [Fact]
    public void An_answer_of_an_old_epoch_does_not_count() =>
        Assert.Null(AggregationScenarios.OldAnswersDoNotCount());

    [Fact]
    public void A_joiner_waits_for_the_next_epoch() =>
        Assert.Null(AggregationScenarios.JoinersWaitForTheNextEpoch());

    [Fact]
    public void Epochs_stay_together_although_clocks_differ() =>
        Assert.Null(AggregationScenarios.EpochsStayTogether());

    [Fact]
    public void A_later_epoch_takes_everybody_along() =>
        Assert.Null(AggregationScenarios.ALaterEpochTakesEverybodyAlong());

    [Fact]
    public void A_histogram_is_averaged_and_never_merged_twice() =>
        Assert.Null(AggregationScenarios.SketchesAreMergedOnce());

    [Fact]
    public void A_sketch_is_the_same_on_all_nodes_and_right_although_messages_are_lost() =>
        Assert.Null(AggregationScenarios.SketchesSurviveLoss());

    [Fact]
    public void A_node_that_joins_in_vain_is_no_network_of_one() =>
        Assert.Null(AggregationScenarios.JoiningInVainIsNoNetworkOfOne());

    [Fact]
    public void A_node_that_sleeps_through_an_epoch_claims_no_size_of_its_own() =>
        Assert.Null(AggregationScenarios.SleepersClaimNoSizeOfTheirOwn());

    [Fact]
    public void An_epoch_of_the_far_future_is_refused() =>
        Assert.Null(AggregationScenarios.FarEpochsAreRefused());

    [Fact]
    public void Every_leader_stands_for_one_node() =>
        Assert.Null(AggregationScenarios.EveryLeaderStandsForOneNode());

    [Fact]
    public void What_is_no_number_is_refused() => Assert.Null(AggregationScenarios.NonsenseIsRefused());

    [Fact]
    public void A_value_given_twice_counts_once() => Assert.Null(AggregationScenarios.ValuesCountOnce());

    [Fact]
    public void A_definition_that_nobody_uses_is_forgotten() =>
        Assert.Null(AggregationScenarios.UnusedDefinitionsAreForgotten());
}
