using Hearsay.Lab.Models;

namespace Hearsay.Lab.Tests.Models;

/// <summary>Who exchanges with whom, by how partners are chosen.</summary>
public sealed class ContactDiversityTests
{
    [Fact]
    public void The_youngest_entry_is_the_last_partner_again_and_the_oldest_is_not()
    {
        var (head, rand, tail) = (Of(PeerSelection.Head), Of(PeerSelection.Rand), Of(PeerSelection.Tail));
        Assert.True(head.RepeatShare > 0.8, $"{head.RepeatShare}");
        Assert.True(tail.RepeatShare < rand.RepeatShare, $"{tail.RepeatShare} {rand.RepeatShare}");
        Assert.True(head.DistinctPartners[^1] < 5, $"{head.DistinctPartners[^1]}");
        Assert.True(rand.DistinctPartners[^1] < tail.DistinctPartners[^1]);
        Assert.True(head.Clustering > 5 * head.ClusteringOfChance);
    }

    [Fact]
    public void Everyone_begins_one_exchange_a_cycle_and_never_with_fewer_partners_than_before()
    {
        var counts = Of(PeerSelection.Tail).DistinctPartners;
        Assert.Equal(1, counts[0]);
        Assert.Equal(50, counts.Count);
        Assert.All(counts.Zip(counts.Skip(1)), pair => Assert.InRange(pair.Second - pair.First, 0, 1));
    }

    private static ContactDiversity Of(PeerSelection selection) => ContactDiversity.Measure(
        PeerSamplingOptions.Blind.WithViewSize(20) with { Selection = selection }, 300, 50, 1);
}
