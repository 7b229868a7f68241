using CsCheck;
using Hearsay.Protocols.Sampling.Kernels;
using Hearsay.Protocols.Sampling.View;

namespace Hearsay.Protocols.Tests;

public class NewscastKernelTests
{
    [Fact]
    public void Merge_keeps_the_freshest() => AnyView.Gen.Sample(any =>
    {
        var random = new SeededRandom(any.Seed);
        var view = any.ToSlice();
        NewscastKernel.Merge(ref view, any.Received, any.ReceivedAges, self: 0, ref random);
        view.AssertInvariants(self: 0);
        var merged = AnyView.Entries(view);
        Assert.Empty(merged.Except(any.Union));
        Assert.Equal(
            any.Union.Select(entry => entry.Age).Order().Take(any.Capacity), merged.Select(entry => entry.Age).Order());
    });

    [Fact]
    public void Ties_are_broken_evenly()
    {
        const int rounds = 60_000;
        var kept = new int[7];
        var random = new SeededRandom(4);
        for (var round = 0; round < rounds; round++)
        {
            var view = new ViewSlice([1, 2, 3, 4, 0, 0], new ushort[6], 4, 4);
            NewscastKernel.Merge(ref view, [5, 6], [0, 0], self: 0, ref random);
            foreach (var handle in view.Handles)
            {
                kept[handle]++;
            }
        }

        Assert.True(ChiSquare.Z(kept[1..], rounds * 2 / 3.0) < 4);
    }

    [Fact]
    public void Prepare_copies_the_view_and_leaves_it() => AnyView.Gen.Sample(any =>
    {
        var view = any.ToSlice();
        var (sent, ages) = (new uint[any.Capacity], new ushort[any.Capacity]);
        var count = NewscastKernel.Prepare(ref view, sent, ages);
        Assert.Equal(any.Handles, sent[..count]);
        Assert.Equal(any.Ages, ages[..count]);
        Assert.Equal(any.Handles, view.Handles.ToArray());
    });
}
