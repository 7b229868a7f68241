using Hearsay.Simulation;
using Xunit.Sdk;
using static Hearsay.Protocols.Tests.Broadcast.BroadcastScenarios;

namespace Hearsay.Defects.Tests;

/// <summary>Each defect of broadcast breaks the scenario that it is about; some show in whole networks too.</summary>
public sealed class BroadcastDefectTests
{
    private static readonly Dictionary<BroadcastDefect, Action> _scenarios = new()
    {
        [BroadcastDefect.LostGraftTimer] = A_missing_message_is_pulled_after_the_graft_time,
        [BroadcastDefect.PrunesLastParent] = A_parent_that_comes_late_stays_the_parent,
        [BroadcastDefect.ForgetsNamesEarly] = A_name_outlives_its_payload,
        [BroadcastDefect.NoReplayWindow] = A_replay_is_refused_after_its_name_is_forgotten,
        [BroadcastDefect.SilentWhenGone] = A_request_for_what_is_gone_is_answered,
        [BroadcastDefect.HonoursStaleGrafts] = A_stale_graft_changes_nothing,
        [BroadcastDefect.EchoesToSender] = A_message_does_not_go_back_where_it_came_from,
        [BroadcastDefect.OneAnnouncer] = Another_announcer_is_asked_when_the_first_does_not_answer,
        [BroadcastDefect.NoRepair] = What_a_digest_names_and_is_not_here_is_fetched,
        [BroadcastDefect.KeepsDeadLinks] = A_newcomer_does_not_inherit_its_slot_in_the_tree,
        [BroadcastDefect.IgnoresPrune] = A_pruned_neighbour_gets_announcements_only,
        [BroadcastDefect.NoAge] = The_age_counts_the_time_in_the_node_and_on_the_link,
        [BroadcastDefect.BelievesChunks] = A_chunk_that_is_not_what_was_announced_is_refused,
        [BroadcastDefect.KeepsStalledLarge] = A_large_message_that_never_completes_is_given_up,
        [BroadcastDefect.NoAnnouncements] = Who_does_not_get_the_payload_gets_an_announcement,
        [BroadcastDefect.TrustsStrangers] = A_stranger_is_not_listened_to,
        [BroadcastDefect.FeedsNobody] = Chunks_follow_their_manifest_down_the_tree,
        [BroadcastDefect.FeedsWithoutLimit] = What_goes_unasked_to_a_neighbour_is_bounded,
        [BroadcastDefect.FeedsForEver] = Who_has_a_large_message_from_elsewhere_is_not_fed,
        [BroadcastDefect.IgnoresEarlyChunks] = A_chunk_before_its_manifest_announces_it,
        [BroadcastDefect.SilentKeepRoom] = Large_messages_whose_sender_vanished_give_way,
        [BroadcastDefect.DripsKeepRoom] = A_large_message_that_drips_gives_way,
        [BroadcastDefect.AnyGivesWay] = A_large_message_that_makes_progress_keeps_its_room,
        [BroadcastDefect.PushesWhatWasPulled] = The_children_are_told_of_what_had_to_be_asked_for,
        [BroadcastDefect.AsksEverybody] = What_is_on_its_way_is_not_asked_of_another,
        [BroadcastDefect.AsksWhoOffersMost] = Who_offers_something_all_the_time_does_not_keep_others_out,
        [BroadcastDefect.NeverTriesAgain] = A_large_message_that_gave_way_is_tried_again,
        [BroadcastDefect.ManifestsTakeRoom] = Manifests_of_which_nothing_comes_take_no_room,
        [BroadcastDefect.ManifestsKeepPlaces] = A_manifest_of_which_nothing_came_leaves_its_place_to_another,
        [BroadcastDefect.YoungKeepRoom] = Of_those_that_do_not_fit_together_the_oldest_completes,
        [BroadcastDefect.AsksWithoutRoom] = What_finds_no_room_is_asked_for_again_when_there_is,
        [BroadcastDefect.SharesReach] = A_flood_of_tracked_messages_ends_its_own_tracking_only,
    };

    public static TheoryData<BroadcastDefect> Catalogue => Defect.All<BroadcastDefect>();

    [Theory]
    [MemberData(nameof(Catalogue))]
    public void The_scenario_finds_its_defect(BroadcastDefect defect)
    {
        _scenarios[defect]();
        using var broken = Defect.SwitchOn(defect);
        Assert.ThrowsAny<XunitException>(_scenarios[defect]);
    }

    [Theory]
    [InlineData(4, BroadcastDefect.ManifestsTakeRoom)]
    [InlineData(100, BroadcastDefect.ManifestsKeepPlaces)]
    public void Manifests_keep_messages_out_if_they_take_room_or_keep_their_places(int aSecond, BroadcastDefect defect)
    {
        using var broken = Defect.SwitchOn(defect);
        Assert.InRange(FloodOfManifests(aSecond).Delivered.Count, 0, 11);
    }

    [Fact]
    [Campaign]
    public void Pushing_on_what_had_to_be_asked_for_sends_too_much_while_nodes_come_and_go()
    {
        using var broken = Defect.SwitchOn(BroadcastDefect.PushesWhatWasPulled);
        var churn = new OverlayBroadcastRun(new BroadcastRunOptions
        {
            Nodes = 500, SourceCount = 4, Warmup = 3, Interval = TimeSpan.FromSeconds(1), Messages = 60, Churn = 0.01,
        }).Run();
        Assert.Equal(1.0, churn.Delivery);
        Assert.True(churn.Redundancy > 0.15, $"{churn.Redundancy}");
    }

    [Fact]
    [Campaign]
    public void A_large_message_whose_chunks_are_asked_for_takes_half_as_long_again_as_a_small_one()
    {
        var options = new BroadcastRunOptions { Nodes = 100, Messages = 2, Warmup = 10 };
        var small = new BroadcastRun(options with { Mode = Protocols.BroadcastMode.Flood, Warmup = 0 }).Run();
        using var broken = Defect.SwitchOn(BroadcastDefect.FeedsNobody);
        var asked = new BroadcastRun(options with { PayloadBytes = 300_000 }).Run();
        Assert.True(asked.LatencyMsP99 > 1.5 * small.LatencyMsP99);
    }
}
