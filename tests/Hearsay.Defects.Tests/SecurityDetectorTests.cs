using Hearsay.Protocols.Tests.Security;

namespace Hearsay.Defects.Tests;

/// <summary>Every defect of records is caught by a test that passes without it.</summary>
public sealed class SecurityDetectorTests
{
    private static readonly Dictionary<SecurityDefect, Action> Detectors = new()
    {
        [SecurityDefect.WindowNotKept] =
            () => new RecordEnvelopeTests().Each_packet_is_opened_once_in_whatever_order_they_come(),
        [SecurityDefect.ReceiverNotBound] =
            () => new RecordEnvelopeTests().A_packet_for_one_node_is_not_opened_by_another(),
        [SecurityDefect.LabelNotBound] =
            () => new RecordEnvelopeTests().The_label_is_authenticated_and_not_only_part_of_the_key(),
        [SecurityDefect.CookieOfAnyAddress] =
            () => new RecordEnvelopeTests().A_cookie_is_taken_from_its_own_address_only_and_for_four_seconds(),
        [SecurityDefect.CookieForEver] =
            () => new RecordEnvelopeTests().A_cookie_is_taken_from_its_own_address_only_and_for_four_seconds(),
        [SecurityDefect.OldEchoProves] =
            () => new RecordEnvelopeTests().A_cookie_is_taken_from_its_own_address_only_and_for_four_seconds(),
        [SecurityDefect.LateIsTaken] = () => new RecordEnvelopeTests()
            .What_comes_ten_seconds_late_is_asked_for_again_and_a_live_sender_answers(),
        [SecurityDefect.EndlessChallenges] = () => new RecordFloodTests()
            .A_source_gets_so_many_challenges_a_second_and_others_are_not_affected(),
        [SecurityDefect.ShortRecords] = () => new RecordEnvelopeTests()
            .A_stranger_is_challenged_with_no_more_bytes_than_it_sent_and_nothing_is_kept(),
        [SecurityDefect.OwnRecordsAreRead] =
            () => new RecordEnvelopeTests().A_packet_that_comes_back_to_its_sender_is_not_used(),
        [SecurityDefect.EarlierLifeComesAgain] = () => new RecordEnvelopeTests()
            .A_captured_conversation_is_worth_nothing_after_a_restart_of_the_receiver(),
        [SecurityDefect.NoncesRepeat] = () => new RecordEnvelopeTests().Nonces_never_repeat(),
        [SecurityDefect.ClosedWindowComesAgain] =
            () => new CorrespondentsTests().What_came_through_a_window_that_gave_way_does_not_come_again(),
    };

    public static TheoryData<SecurityDefect> Catalogue => Defect.All<SecurityDefect>();

    [Theory]
    [MemberData(nameof(Catalogue))]
    public void Every_defect_is_caught_by_its_test(SecurityDefect defect)
    {
        Detectors[defect]();
        using (Defect.SwitchOn(defect))
        {
            Assert.ThrowsAny<Exception>(Detectors[defect]);
        }
    }
}
