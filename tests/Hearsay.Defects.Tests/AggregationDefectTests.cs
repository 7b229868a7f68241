using Hearsay.Protocols.Tests.Aggregation;

namespace Hearsay.Defects.Tests;

/// <summary>Each way to get aggregation wrong breaks the scenario that is meant to notice it.</summary>
public sealed class AggregationDefectTests
{
    private static readonly Dictionary<AggregationDefect, Func<string?>> Catchers = new()
    {
        [AggregationDefect.BothSidesAverageOldValues] =
            () => AggregationScenarios.OverlappingExchangesConserveTheSum(0.3),
        [AggregationDefect.AnswerAppliedTwice] = () => AggregationScenarios.RetriesConserveTheSum(),
        [AggregationDefect.OldAnswerApplied] = AggregationScenarios.OldAnswersDoNotCount,
        [AggregationDefect.EpochNotAdopted] = AggregationScenarios.ALaterEpochTakesEverybodyAlong,
        [AggregationDefect.FarEpochFollowed] = AggregationScenarios.FarEpochsAreRefused,
        [AggregationDefect.RetryNotIdempotent] = () => AggregationScenarios.RetriesConserveTheSum(),
        [AggregationDefect.JoinerStartsAtOnce] = AggregationScenarios.JoinersWaitForTheNextEpoch,
        [AggregationDefect.LeaderNotHalved] = AggregationScenarios.EveryLeaderStandsForOneNode,
        [AggregationDefect.ValueTakenTwice] = AggregationScenarios.ValuesCountOnce,
        [AggregationDefect.SketchMergedTwice] = AggregationScenarios.SketchesAreMergedOnce,
        [AggregationDefect.DrawnForEachExchange] = AggregationScenarios.SketchesSurviveLoss,
        [AggregationDefect.SketchAddedUp] = AggregationScenarios.SketchesSurviveLoss,
        [AggregationDefect.LonelySizeKept] = AggregationScenarios.JoiningInVainIsNoNetworkOfOne,
        [AggregationDefect.SleepersSizeKept] = AggregationScenarios.SleepersClaimNoSizeOfTheirOwn,
        [AggregationDefect.LuckySizeKept] = AggregationScenarios.NobodyClaimsASizeByLuck,
        [AggregationDefect.ItemHashedByNode] = AggregationScenarios.SketchesSurviveLoss,
        [AggregationDefect.PlaceInCycleLost] = () => AggregationScenarios.PausesCostNoDigitsLater(1.5),
        [AggregationDefect.NonsenseAccepted] = AggregationScenarios.NonsenseIsRefused,
        [AggregationDefect.DefinitionNeverForgotten] = AggregationScenarios.UnusedDefinitionsAreForgotten,
    };

    public static TheoryData<AggregationDefect> Catalogue => Defect.All<AggregationDefect>();

    [Theory]
    [MemberData(nameof(Catalogue))]
    [Campaign]
    public void Every_defect_of_aggregation_is_caught(AggregationDefect defect)
    {
        using var wrong = Defect.SwitchOn(defect);
        var broken = Catchers[defect]();

        Assert.True(broken is not null, $"{defect} was not caught.");
        TestContext.Current.TestOutputHelper!.WriteLine($"| {defect} | {broken} |");
    }

    [Fact]
    [Campaign]
    public void Without_a_defect_every_scenario_holds() =>
        Assert.All(Catchers.Values.Distinct(), scenario => Assert.Null(scenario()));
}
