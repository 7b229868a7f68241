using Hearsay.Protocols.Tests.Aggregation.FlowUpdating;
using Hearsay.Protocols.Tests.Aggregation.PushSum;
using Hearsay.Protocols.Tests.Aggregation.Tournament;

namespace Hearsay.Defects.Tests;

/// <summary>
/// Each way to get flow updating, push-sum and tournaments wrong breaks the scenario that is meant to notice it.
/// </summary>
public sealed class AggregateMethodDefectTests
{
    private static readonly Dictionary<AggregateMethodDefect, Func<string?>> Catchers = new()
    {
        [AggregateMethodDefect.FlowOfTheDeadKept] = FlowUpdatingScenarios.TheMassOfTheDeadReturns,
        [AggregateMethodDefect.OldExchangeTaken] = FlowUpdatingScenarios.OldMessagesChangeNothing,
        [AggregateMethodDefect.CrossedBothTaken] = CrossedExchanges,
        [AggregateMethodDefect.NonsenseAccepted] = FlowUpdatingScenarios.NonsenseIsRefused,
        [AggregateMethodDefect.HalfNotGivenAway] = PushSumScenarios.MassIsConserved,
        [AggregateMethodDefect.PushTakenTwice] = PushSumScenarios.MassIsConserved,
        [AggregateMethodDefect.ForgottenPushTaken] = PushSumScenarios.CapturedPushesDoNotCountAgain,
        [AggregateMethodDefect.OldPushTaken] = PushSumScenarios.OldPushesDoNotCount,
        [AggregateMethodDefect.PresentValueAnswered] = TournamentScenarios.RoundsAreThoseAskedFor,
        [AggregateMethodDefect.RoundNotAwaited] = RoundsNotAwaited,
        [AggregateMethodDefect.AnyAnswerTaken] = TournamentScenarios.MadeUpAnswersDoNotCount,
    };

    /// <summary>A network agrees all the same, as the next exchange heals; so one machine is looked at.</summary>
    private static string? CrossedExchanges()
    {
        var test = new FlowUpdatingProtocolTests();
        return FlowUpdatingScenarios.CrossingExchangesAgree()
            ?? Record.Exception(test.Of_two_exchanges_that_cross_that_of_the_lower_id_counts)?.Message;
    }

    /// <summary>A network's ranks stay within what chance can do in one run; so one machine is looked at.</summary>
    private static string? RoundsNotAwaited()
    {
        var test = new TournamentProtocolTests();
        return TournamentScenarios.LateNodesCatchUp()
            ?? Record.Exception(test.A_round_waits_for_all_its_answers_and_asks_again)?.Message;
    }

    public static TheoryData<AggregateMethodDefect> Catalogue => Defect.All<AggregateMethodDefect>();

    [Theory]
    [MemberData(nameof(Catalogue))]
    [Campaign]
    public void Every_defect_is_caught(AggregateMethodDefect defect)
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
