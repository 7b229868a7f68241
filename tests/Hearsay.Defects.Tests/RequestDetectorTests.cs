using Hearsay.Protocols.Tests.Requests;

namespace Hearsay.Defects.Tests;

/// <summary>Every defect of requests is caught by a test that passes without it.</summary>
public sealed class RequestDetectorTests
{
    private static readonly Dictionary<RequestDefect, Action> Detectors = new()
    {
        [RequestDefect.CopyRunsAgain] =
            () => new RequestProtocolTests().Copies_of_a_request_do_come_while_it_runs_and_after_it_was_answered(),
        [RequestDefect.FloorIgnored] =
            () => new RequestProtocolTests().Copies_of_a_request_do_come_while_it_runs_and_after_it_was_answered(),
        [RequestDefect.RepeatedRequestOpens] =
            () => new RequestProtocolTests().A_repeated_request_is_not_handled_by_a_life_that_has_just_begun(),
        [RequestDefect.ForgottenIsAskedAgain] =
            () => new RequestProtocolTests().After_a_restart_what_may_have_run_fails_and_what_was_sent_once_runs(),
        [RequestDefect.AnswerNotHeld] =
            () => new RequestProtocolTests().An_answer_that_was_lost_comes_again_when_it_is_asked_for(),
        [RequestDefect.CancelledHandlerFreesItsPlace] = () => new RequestProtocolTests()
            .A_dead_peer_is_given_up_after_four_copies_and_a_handler_that_hangs_at_the_time_out(),
        [RequestDefect.StrangerHandled] = () => new RequestHostileTests()
            .A_stranger_is_handled_when_it_has_proven_its_address_and_not_before(),
        [RequestDefect.AnyoneCancels] =
            () => new RequestHostileTests().Nobody_speaks_in_the_conversation_of_another(),
        [RequestDefect.SilentWork] = () => new RequestProtocolTests()
            .A_slow_handler_is_waited_for_and_its_asker_sends_no_second_copy(),
        [RequestDefect.CancelledAnswerIsSent] =
            () => new RequestProtocolTests().Who_cancels_has_the_handler_cancelled(),
    };

    public static TheoryData<RequestDefect> Catalogue => Defect.All<RequestDefect>();

    [Theory]
    [MemberData(nameof(Catalogue))]
    public void Every_defect_is_caught_by_its_test(RequestDefect defect)
    {
        Detectors[defect]();
        using (Defect.SwitchOn(defect))
        {
            Assert.ThrowsAny<Exception>(Detectors[defect]);
        }
    }
}
