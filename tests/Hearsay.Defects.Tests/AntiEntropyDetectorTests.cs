using Hearsay.Protocols.AntiEntropy.Exchange;
using Hearsay.Protocols.Tests.AntiEntropy;
using Hearsay.Protocols.Tests.AntiEntropy.Replica;

namespace Hearsay.Defects.Tests;

/// <summary>Every defect of replicated maps is caught by a test that passes without it.</summary>
public sealed class AntiEntropyDetectorTests
{
    private static readonly Dictionary<AntiEntropyDefect, Action> Detectors = new()
    {
        [AntiEntropyDefect.NumberAfterFailure] =
            () => new MapReplicaTests().A_write_that_the_store_does_not_take_changes_nothing_and_ends_the_epoch(),
        [AntiEntropyDefect.ContextAheadOfRows] =
            () => new MapReplicaTests().A_removal_that_comes_before_what_it_removes_is_left_to_an_exchange(),
        [AntiEntropyDefect.CutExchangeCounts] =
            () => new MapReplicaTests().An_exchange_that_is_cut_has_no_effect(),
        [AntiEntropyDefect.DamagedStoreTrusted] =
            () => new DamageTests().A_row_that_is_damaged_ends_trust_at_the_opening_and_comes_back_from_a_peer(true),
        [AntiEntropyDefect.RowClaimsBatch] =
            () => new DamageTests().A_row_of_a_batch_does_not_claim_the_others(),
        [AntiEntropyDefect.RemovalWithoutDots] =
            () => new MapReplicaTests().A_removal_spares_what_its_writer_had_not_seen(),
        [AntiEntropyDefect.ShareOfNode] =
            () => new MapReplicaTests().A_restored_node_does_not_count_its_share_twice(),
        [AntiEntropyDefect.SketchKeepsReplaced] =
            () => new MapReplicaTests().A_write_replaces_what_its_writer_has_seen_and_a_concurrent_one_stays(),
        [AntiEntropyDefect.ToldBeforeSync] = () => new MapReplicaTests().Nothing_leaves_before_it_is_durable(),
        [AntiEntropyDefect.ShortLogIgnored] =
            () => new DifferenceTests().The_way_is_closed_where_the_log_is_too_short(),
        [AntiEntropyDefect.SnapshotForgets] =
            () => new AntiEntropyHostileTests().What_is_offered_does_not_change_while_the_map_does(),
        [AntiEntropyDefect.RootNotChecked] =
            () => new AntiEntropyHostileTests().Rows_that_do_not_add_up_to_the_root_are_not_used(),
        [AntiEntropyDefect.AnybodyAnswers] =
            () => new AntiEntropyHostileTests().Answers_of_another_peer_or_another_exchange_are_strays(),
        [AntiEntropyDefect.ManyQuestions] =
            () => new AntiEntropyHostileTests().One_peer_has_one_exchange_of_a_map_and_one_question_in_a_packet(),
        [AntiEntropyDefect.SilentPeerHolds] =
            () => new AntiEntropyHostileTests().A_peer_that_stays_silent_does_not_keep_others_from_mending(),
        [AntiEntropyDefect.StrangerMakesMaps] =
            () => new AntiEntropyHostileTests().A_stranger_draws_no_exchange_and_makes_no_map(),
        [AntiEntropyDefect.OfferNotHeld] =
            () => new SlowStoreTests().An_offer_waits_until_all_of_it_is_durable((byte)PullMode.Context),
        [AntiEntropyDefect.UndoneStays] =
            () => new SyncingTests().What_the_store_cannot_take_is_undone_and_what_was_durable_stays(),
        [AntiEntropyDefect.WrittenBeforeDurable] =
            () => new SlowStoreTests().A_write_completes_when_it_is_durable(),
        [AntiEntropyDefect.ContextToldEarly] =
            () => new SlowStoreTests().A_question_tells_the_context_that_is_durable(),
    };

    public static TheoryData<AntiEntropyDefect> Catalogue => Defect.All<AntiEntropyDefect>();

    [Theory]
    [MemberData(nameof(Catalogue))]
    public void Every_defect_is_caught_by_its_test(AntiEntropyDefect defect)
    {
        Detectors[defect]();
        using (Defect.SwitchOn(defect))
        {
            Assert.ThrowsAny<Exception>(Detectors[defect]);
        }
    }
}
