using Hearsay.Protocols.Tests.Rumors;

namespace Hearsay.Defects.Tests;

/// <summary>Every defect of rumor mongering is caught by a test that passes without it.</summary>
public sealed class RumorDetectorTests
{
    private static readonly Dictionary<RumorDefect, Action> Detectors = new()
    {
        [RumorDefect.StaleTaken] =
            () => new RumorHostileTests().Too_old_too_long_and_own_rumors_are_not_taken(),
        [RumorDefect.StrangerBelieved] =
            () => new RumorProofTests().A_strangers_rumor_draws_one_question_and_is_neither_heard_nor_told(),
        [RumorDefect.AnyFeedbackCounts] = () => new RumorHostileTests().Forged_feedback_changes_nothing(),
        [RumorDefect.NoThrottle] =
            () => new RumorProtocolTests().A_rumor_too_long_or_too_many_is_refused_where_it_was_said(),
        [RumorDefect.AnswerIgnoresRoom] =
            () => new RumorProtocolTests().Who_asks_gets_what_fits_and_is_told_the_room_that_the_rest_needs(),
        [RumorDefect.LimitIgnored] =
            () => new RumorProtocolTests().A_node_takes_no_more_contacts_in_a_cycle_than_its_limit(),
        [RumorDefect.CounterNotSetBack] =
            () => new RumorProtocolTests()
                .A_rumor_is_told_once_a_cycle_until_it_was_unnecessary_k_times_in_a_row(),
        [RumorDefect.FreshCountsAsKnown] =
            () => new RumorProtocolTests().Feedback_says_new_throughout_the_cycle_and_known_from_the_next_on(),
        [RumorDefect.IdForgottenWithText] =
            () => new RumorMemoryTests().Texts_that_nobody_needs_are_dropped_and_the_ids_stay(),
    };

    public static TheoryData<RumorDefect> Catalogue => Defect.All<RumorDefect>();

    [Theory]
    [MemberData(nameof(Catalogue))]
    public void Every_defect_is_caught_by_its_test(RumorDefect defect)
    {
        Detectors[defect]();
        using (Defect.SwitchOn(defect))
        {
            Assert.ThrowsAny<Exception>(Detectors[defect]);
        }
    }
}
