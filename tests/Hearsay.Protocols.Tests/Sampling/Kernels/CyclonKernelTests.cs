using CsCheck;
using Hearsay.Protocols.Sampling.Kernels;
using Hearsay.Protocols.Sampling.View;

namespace Hearsay.Protocols.Tests;

public class CyclonKernelTests
{
    [Fact]
    public void Merge_never_breaks_the_invariant_and_never_replaces_what_was_not_sent() => AnyView.Gen.Sample(any =>
    {
        var view = any.ToSlice();
        CyclonKernel.Merge(ref view, any.Received, any.ReceivedAges, any.Sent, self: 0);
        view.AssertInvariants(self: 0);
        var merged = AnyView.Entries(view);
        Assert.Empty(any.Handles.Zip(any.Ages).Where(entry => !any.Sent.Contains(entry.First)).Except(merged));
        Assert.Empty(merged.Select(entry => entry.Handle).Except(any.Handles).Except(any.Received));
        Assert.True(merged.Count >= any.Handles.Length);
    });

    [Fact]
    public void Merge_fills_free_slots_before_it_replaces() => AnyView.Gen
        .Where(any => any.Union.Count <= any.Capacity)
        .Sample(any =>
        {
            var view = any.ToSlice();
            CyclonKernel.Merge(ref view, any.Received, any.ReceivedAges, any.Sent, self: 0);
            return view.Count == any.Union.Count;
        });

    [Fact]
    public void A_full_view_takes_as_many_new_entries_as_it_sent()
    {
        var view = new ViewSlice([1, 2, 3, 4, 0, 0, 0], new ushort[7], 4, 4);
        CyclonKernel.Merge(ref view, [5, 0, 1, 6, 7], [9, 9, 9, 9, 9], sent: [3, 2], self: 0);
        Assert.Equal([1u, 6u, 5u, 4u], view.Handles.ToArray());
        Assert.Equal([(ushort)0, (ushort)9, (ushort)9, (ushort)0], view.Ages.ToArray());
    }

    [Fact]
    public void Prepare_chooses_distinct_entries_and_keeps_them_all() => AnyView.Gen.Sample(any =>
    {
        var random = new SeededRandom(any.Seed);
        var view = any.ToSlice();
        var (sent, ages) = (new uint[any.Half], new ushort[any.Half]);
        var count = CyclonKernel.Prepare(ref view, sent, ages, ref random);
        Assert.Equal(Math.Min(any.Half, any.Handles.Length), count);
        Assert.Equal(count, sent[..count].Distinct().Count());
        Assert.Empty(sent[..count].Zip(ages[..count]).Except(any.Handles.Zip(any.Ages)));
        Assert.Equal(any.Handles.Order(), view.Handles.ToArray().Order());
    });

    [Fact]
    public void Opening_ages_once_and_takes_the_oldest_out()
    {
        var rules = PeerSamplingOptions.Cyclon.WithViewSize(4).ToRules();
        var random = new SeededRandom(5);
        var view = new ViewSlice(new uint[8], new ushort[8], 0, 4);
        view.Append(7, 3);
        view.Append(8, 5);
        view.Append(9, 1);
        Assert.True(ExchangeKernel.TryOpen(rules, ref view, [], true, ref random, out var partner));
        Assert.Equal(8u, partner);
        Assert.Equal([(7u, (ushort)4), (9u, (ushort)2)], AnyView.Entries(view));
        Assert.True(ExchangeKernel.TryOpen(rules, ref view, [1], false, ref random, out partner));
        Assert.Equal(9u, partner);
        Assert.Equal([(7u, (ushort)4)], AnyView.Entries(view));
        ExchangeKernel.Close(rules, ref view);
        Assert.Equal([(7u, (ushort)4)], AnyView.Entries(view));
    }
}
