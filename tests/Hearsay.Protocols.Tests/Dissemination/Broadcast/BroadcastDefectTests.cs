using Xunit.Sdk;
using static Hearsay.Protocols.Tests.Dissemination.Broadcast.BroadcastScenarios;

namespace Hearsay.Protocols.Tests.Dissemination.Broadcast;

/// <summary>Each scenario holds for the protocol, and fails for the protocol with the defect it is about.</summary>
public sealed class BroadcastDefectTests
{
    private static readonly Dictionary<BroadcastDefects, Action<BroadcastDefects>> _scenarios = new()
    {
        [BroadcastDefects.LostGraftTimer] = A_missing_message_is_pulled_after_the_graft_time,
        [BroadcastDefects.PrunesLastParent] = A_parent_that_comes_late_stays_the_parent,
        [BroadcastDefects.ForgetsNamesEarly] = A_name_outlives_its_payload,
        [BroadcastDefects.NoReplayWindow] = A_replay_is_refused_after_its_name_is_forgotten,
        [BroadcastDefects.SilentWhenGone] = A_request_for_what_is_gone_is_answered,
        [BroadcastDefects.HonoursStaleGrafts] = A_stale_graft_changes_nothing,
        [BroadcastDefects.EchoesToSender] = A_message_does_not_go_back_where_it_came_from,
        [BroadcastDefects.OneAnnouncer] = Another_announcer_is_asked_when_the_first_does_not_answer,
        [BroadcastDefects.KeepsDeadLinks] = A_newcomer_does_not_inherit_its_slot_in_the_tree,
        [BroadcastDefects.IgnoresPrune] = A_pruned_neighbour_gets_announcements_only,
        [BroadcastDefects.NoAge] = The_age_counts_the_time_in_the_node_and_on_the_link,
        [BroadcastDefects.BelievesChunks] = A_chunk_that_is_not_what_was_announced_is_refused,
        [BroadcastDefects.KeepsStalledLarge] = A_large_message_that_never_completes_is_given_up,
        [BroadcastDefects.NoAnnouncements] = Who_does_not_get_the_payload_gets_an_announcement,
        [BroadcastDefects.TrustsStrangers] = A_stranger_is_not_listened_to,
        [BroadcastDefects.FeedsNobody] = Chunks_follow_their_manifest_down_the_tree,
        [BroadcastDefects.FeedsWithoutLimit] = What_goes_unasked_to_a_neighbour_is_bounded,
        [BroadcastDefects.FeedsForEver] = Who_has_a_large_message_from_elsewhere_is_not_fed,
        [BroadcastDefects.IgnoresEarlyChunks] = A_chunk_before_its_manifest_announces_it,
        [BroadcastDefects.SilentKeepRoom] = Large_messages_whose_sender_vanished_give_way,
        [BroadcastDefects.DripsKeepRoom] = A_large_message_that_drips_gives_way,
        [BroadcastDefects.AnyGivesWay] = A_large_message_that_makes_progress_keeps_its_room,
        [BroadcastDefects.PushesWhatWasPulled] = The_children_are_told_of_what_had_to_be_asked_for,
        [BroadcastDefects.AsksEverybody] = What_is_on_its_way_is_not_asked_of_another,
        [BroadcastDefects.AsksWhoOffersMost] = Who_offers_something_all_the_time_does_not_keep_others_out,
        [BroadcastDefects.NeverTriesAgain] = A_large_message_that_gave_way_is_tried_again,
        [BroadcastDefects.ManifestsTakeRoom] = Manifests_of_which_nothing_comes_take_no_room,
        [BroadcastDefects.ManifestsKeepPlaces] = A_manifest_of_which_nothing_came_leaves_its_place_to_another,
        [BroadcastDefects.YoungKeepRoom] = Of_those_that_do_not_fit_together_the_oldest_completes,
        [BroadcastDefects.AsksWithoutRoom] = What_finds_no_room_is_asked_for_again_when_there_is,
        [BroadcastDefects.SharesReach] = A_flood_of_tracked_messages_ends_its_own_tracking_only,
    };

    public static TheoryData<string> Defects => [.. Enum.GetNames<BroadcastDefects>().Skip(1)];

    [Theory]
    [MemberData(nameof(Defects))]
    public void The_scenario_holds(string defect) =>
        _scenarios[Enum.Parse<BroadcastDefects>(defect)](BroadcastDefects.None);

    [Theory]
    [MemberData(nameof(Defects))]
    public void The_scenario_finds_its_defect(string defect)
    {
        var broken = Enum.Parse<BroadcastDefects>(defect);
        Assert.ThrowsAny<XunitException>(() => _scenarios[broken](broken));
    }
}
