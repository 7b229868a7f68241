using CsCheck;
using Hearsay.Protocols.Sampling.Kernels;

namespace Hearsay.Protocols.Tests;

public class SelectionKernelTests
{
    [Fact]
    public void Tail_takes_a_largest_age_and_head_a_smallest() =>
        Gen.Select(Gen.UShort[0, 4].Array[1, 20], Gen.ULong).Sample((ages, seed) =>
        {
            var random = new SeededRandom(seed);
            return ages[SelectionKernel.Select(ages, PeerSelection.Tail, ref random)] == ages.Max()
                && ages[SelectionKernel.Select(ages, PeerSelection.Head, ref random)] == ages.Min();
        });

    [Theory]
    [InlineData(PeerSelection.Rand, 0, 1, 2, 3, 4, 5)]
    [InlineData(PeerSelection.Tail, 1, 3, 4)]
    [InlineData(PeerSelection.Head, 0, 5)]
    public void Every_candidate_is_chosen_equally_often(PeerSelection selection, params int[] candidates)
    {
        ReadOnlySpan<ushort> ages = [0, 9, 5, 9, 9, 0];
        var random = new SeededRandom(6);
        var chosen = new int[6];
        for (var round = 0; round < 60_000; round++)
        {
            chosen[SelectionKernel.Select(ages, selection, ref random)]++;
        }

        Assert.Equal(60_000, candidates.Sum(candidate => chosen[candidate]));
        Assert.True(ChiSquare.Z([.. candidates.Select(candidate => chosen[candidate])],
            60_000.0 / candidates.Length) < 4);
    }

    [Fact]
    public void Nobody_is_chosen_from_an_empty_view()
    {
        var random = new SeededRandom(7);
        foreach (var selection in Enum.GetValues<PeerSelection>())
        {
            Assert.Equal(-1, SelectionKernel.Select([], selection, ref random));
        }
    }
}
