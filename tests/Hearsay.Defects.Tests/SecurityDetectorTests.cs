using Hearsay.Protocols.Tests.Aggregation.Definitions;
using Hearsay.Protocols.Tests.Rotation;
using Hearsay.Protocols.Tests.Rumors;
using Hearsay.Protocols.Tests.Security;

namespace Hearsay.Defects.Tests;

/// <summary>Every defect of records, rotation and signatures is caught by a test that passes without it.</summary>
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
        [SecurityDefect.NewKeyAtOnce] = () => new NodeSecurityTests()
            .A_new_key_is_not_used_towards_strangers_before_all_had_the_time_to_get_it(),
        [SecurityDefect.OldKeyForEver] = () => new KeyringRotationTests()
            .A_new_key_reaches_all_and_then_the_old_one_opens_nothing_but_the_exchange_of_keyrings(),
        [SecurityDefect.NewKeyNotAdopted] = () => new KeyringRotationTests()
            .A_new_key_reaches_all_and_then_the_old_one_opens_nothing_but_the_exchange_of_keyrings(),
        [SecurityDefect.RumorNotProven] =
            () => new SignedRumorTests().What_is_not_signed_or_signed_by_another_is_refused_and_takes_no_place(),
        [SecurityDefect.RumorKeyCanBeAimed] = () => new SignedRumorTests()
            .A_member_cannot_keep_the_rumor_of_another_out_by_one_of_its_own_with_the_same_key(),
        [SecurityDefect.RumorsForgottenEarly] = () => new SignedRumorTests()
            .A_rumor_that_was_kept_is_not_heard_again_while_its_signature_holds_nor_after_that(),
        [SecurityDefect.ForgersAreHeard] = () => new SignedRumorTests()
            .A_flood_of_forgeries_costs_one_verification_a_minute_and_throttles_nobody_else(),
        [SecurityDefect.DefinitionNotProven] = () => new SignedDefinitionTests()
            .What_is_not_signed_or_signed_by_another_than_it_says_is_refused_and_not_learned(),
        [SecurityDefect.UnusedDefinitionsStay] = () => new SignedDefinitionTests()
            .What_nobody_signs_any_more_is_forgotten_whatever_a_member_says_of_its_use(isSigned: true),
        [SecurityDefect.ProofsNotRenewed] =
            () => new SignedDefinitionTests().While_it_is_used_all_have_a_proof_that_is_not_old(),
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
