using Hearsay.Protocols.Tests.Core;
using Hearsay.Protocols.Tests.Neighbours;

namespace Hearsay.Defects.Tests;

/// <summary>Every defect of stable neighbours is caught by a test that passes without it.</summary>
public sealed class NeighbourDetectorTests
{
    private static readonly Dictionary<NeighbourDefect, Action> Detectors = new()
    {
        [NeighbourDefect.DeadNeighbourKept] =
            () => new LinkTests().A_silent_neighbour_is_probed_and_given_up_within_the_stated_time(),
        [NeighbourDefect.StaleDisconnectHonoured] =
            () => new LinkTests().A_disconnect_of_an_older_link_does_not_end_its_renewal(),
        [NeighbourDefect.LeaverKept] =
            () => new LinkTests().A_disconnect_ends_the_link_and_leaves_a_living_peer_among_the_spare_ones(),
        [NeighbourDefect.StrangerNotTold] = () => new LinkTests().Who_speaks_over_a_link_that_is_not_there_is_told_so(),
        [NeighbourDefect.NeighbourStaysSpare] =
            () => new LinkTests().A_node_that_is_short_asks_spare_peers_one_after_the_other_until_one_accepts(),
        [NeighbourDefect.NoRefill] =
            () => new NeighbourNetworkTests()
                .After_a_crash_the_survivors_are_connected_by_symmetric_links_again(0.5, 20),
        [NeighbourDefect.WalkNotForwarded] =
            () => new JoinTests().A_walk_goes_on_to_a_neighbour_that_is_neither_the_sender_nor_the_newcomer(),
        [NeighbourDefect.NoMixing] = () => new NeighbourNetworkTests().Two_halves_that_are_full_each_find_together(),
        [NeighbourDefect.NoSecondTry] =
            () => new LinkTests().When_a_peer_does_not_answer_the_next_is_asked_at_once(),
        [NeighbourDefect.RefusalTakenForYes] =
            () => new LinkTests().A_node_that_is_short_asks_spare_peers_one_after_the_other_until_one_accepts(),
        [NeighbourDefect.DisplacedNotTold] =
            () => new JoinTests().A_newcomer_displaces_one_neighbour_of_a_full_node_which_is_told(),
        [NeighbourDefect.FullNodeAccepts] =
            () => new JoinTests().Low_priority_needs_a_free_slot_and_a_refusal_is_answered(),
        [NeighbourDefect.NumberNotChecked] =
            () => new JoinTests().A_confirmation_with_a_number_that_was_not_given_out_makes_no_neighbour(),
    };

    public static TheoryData<NeighbourDefect> Catalogue => Defect.All<NeighbourDefect>();

    [Theory]
    [MemberData(nameof(Catalogue))]
    public void Every_defect_is_caught_by_its_test(NeighbourDefect defect)
    {
        Detectors[defect]();
        using (Defect.SwitchOn(defect))
        {
            Assert.ThrowsAny<Exception>(Detectors[defect]);
        }
    }
}
