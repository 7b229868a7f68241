using CsCheck;
using Hearsay.Protocols.Sampling.Kernels;
using Hearsay.Protocols.Sampling.View;

namespace Hearsay.Protocols.Tests;

public class HalfViewsKernelTests
{
    private static readonly Gen<(AnyView Any, int Healing, int Swap)> AnyMerge =
        Gen.Select(AnyView.Gen, Gen.Int[0, 8], Gen.Int[0, 8], (any, healing, swap) =>
            (any, Math.Min(healing, any.Half), Math.Min(swap, any.Half - Math.Min(healing, any.Half))));

    [Fact]
    public void Merge_never_breaks_the_invariant_and_removes_exactly_the_surplus() => AnyMerge.Sample(input =>
    {
        var view = Merge(input);
        view.AssertInvariants(self: 0);
        return view.Count == Math.Min(input.Any.Capacity, input.Any.Union.Count);
    });

    [Fact]
    public void Merge_keeps_for_each_peer_the_smaller_age_and_the_earlier_position() => AnyMerge.Sample(input =>
    {
        var union = input.Any.Union;
        var merged = AnyView.Entries(Merge(input));
        Assert.Equal(union.Where(merged.Contains), merged);
    });

    [Fact]
    public void Merge_loses_nobody_where_there_is_room() => AnyMerge
        .Where(input => input.Any.Union.Count <= input.Any.Capacity)
        .Sample(input => Assert.Equal(input.Any.Union, AnyView.Entries(Merge(input))));

    [Fact]
    public void Merge_removes_the_oldest_first_and_of_equal_ages_the_last() => AnyMerge.Sample(input =>
    {
        var union = input.Any.Union;
        var surplus = Math.Max(0, union.Count - input.Any.Capacity);
        var oldest = union.Select((entry, position) => (entry, position))
            .OrderByDescending(pair => pair.entry.Age).ThenByDescending(pair => pair.position)
            .Take(Math.Min(input.Healing, surplus)).Select(pair => pair.entry.Handle);
        var merged = Merge(input).Handles.ToArray();
        Assert.Empty(merged.Intersect(oldest));
    });

    [Fact]
    public void Merge_removes_as_many_of_the_sent_as_swap_and_surplus_allow() => AnyMerge.Sample(input =>
    {
        var union = input.Any.Union;
        var surplus = Math.Max(0, union.Count - input.Any.Capacity);
        var afterHealing = union.Select((entry, position) => (entry, position))
            .OrderByDescending(pair => pair.entry.Age).ThenByDescending(pair => pair.position)
            .Skip(Math.Min(input.Healing, surplus)).Select(pair => pair.entry.Handle).ToHashSet();
        surplus -= Math.Min(input.Healing, surplus);
        var sent = input.Any.Sent.Where(afterHealing.Contains).ToArray();
        var merged = Merge(input).Handles.ToArray();
        var gone = sent.Take(Math.Min(Math.Min(input.Swap, surplus), sent.Length));
        Assert.Empty(merged.Intersect(gone));
    });

    [Fact]
    public void Random_removal_treats_all_entries_alike()
    {
        // 4 slots, 6 entries, nothing healed or swapped: each stays with probability 2/3.
        const int rounds = 60_000;
        var kept = new int[7];
        var random = new SeededRandom(1);
        Span<uint> handles = stackalloc uint[8];
        Span<ushort> ages = stackalloc ushort[8];
        for (var round = 0; round < rounds; round++)
        {
            new uint[] { 1, 2, 3, 4 }.CopyTo(handles);
            var view = new ViewSlice(handles, ages, 4, 4);
            HalfViewsKernel.Merge(ref view, [5, 6], [0, 0], [], 0, 0, self: 0, ref random);
            foreach (var handle in view.Handles)
            {
                kept[handle]++;
            }
        }

        Assert.True(ChiSquare.Z(kept[1..], rounds * 2 / 3.0) < 4);
    }

    [Fact]
    public void Prepare_keeps_every_entry_and_puts_the_oldest_last() =>
        Gen.Select(AnyView.Gen, Gen.Int[0, 8]).Sample((any, healing) =>
        {
            var random = new SeededRandom(any.Seed);
            var view = any.ToSlice();
            var sent = new uint[any.Half - 1];
            var sentAges = new ushort[any.Half - 1];
            var count = HalfViewsKernel.Prepare(ref view, Math.Min(healing, any.Half), sent, sentAges, ref random);
            var entries = AnyView.Entries(view);
            Assert.Equal(any.Handles.Zip(any.Ages).Order(), entries.Order());
            Assert.Equal(entries[..count], sent[..count].Zip(sentAges[..count]));
            Assert.Equal(Math.Min(sent.Length, entries.Count), count);
            var last = Math.Min(Math.Min(healing, any.Half), entries.Count);
            Assert.Equal(
                any.Ages.OrderDescending().Take(last).Order(), entries[^last..].Select(entry => entry.Age).Order());
        });

    [Fact]
    public void Prepare_sends_each_entry_of_equal_age_equally_often()
    {
        const int rounds = 40_000;
        var sentTimes = new int[9];
        var random = new SeededRandom(2);
        Span<uint> handles = stackalloc uint[12];
        Span<ushort> ages = stackalloc ushort[12];
        Span<uint> sent = stackalloc uint[3];
        Span<ushort> sentAges = stackalloc ushort[3];
        for (var round = 0; round < rounds; round++)
        {
            new uint[] { 1, 2, 3, 4, 5, 6, 7, 8 }.CopyTo(handles);
            var view = new ViewSlice(handles, ages, 8, 8);
            HalfViewsKernel.Prepare(ref view, 3, sent, sentAges, ref random);
            foreach (var handle in sent)
            {
                sentTimes[handle]++;
            }
        }

        Assert.True(ChiSquare.Z(sentTimes[1..], rounds * 3 / 8.0) < 4);
    }

    [Fact]
    public void The_largest_view_with_a_whole_view_received_fits()
    {
        var random = new SeededRandom(3);
        var view = new ViewSlice(new uint[512], new ushort[512], 0, 256);
        var first = Enumerable.Range(1, 256).Select(i => (uint)i).ToArray();
        var second = Enumerable.Range(257, 256).Select(i => (uint)i).ToArray();
        var oldest = Enumerable.Repeat(ushort.MaxValue, 256).ToArray();
        HalfViewsKernel.Merge(ref view, first, oldest, [], 128, 0, self: 0, ref random);
        Assert.Equal(256, view.Count);
        HalfViewsKernel.Prepare(ref view, 128, new uint[127], new ushort[127], ref random);
        HalfViewsKernel.Merge(ref view, second, new ushort[256], [], 128, 0, self: 0, ref random);
        view.AssertInvariants(self: 0);
        Assert.Equal(256, view.Count);
    }

    private static ViewSlice Merge((AnyView Any, int Healing, int Swap) input)
    {
        var (any, healing, swap) = input;
        var random = new SeededRandom(any.Seed);
        var view = any.ToSlice();
        HalfViewsKernel.Merge(
            ref view, any.Received, any.ReceivedAges, any.Sent, healing, swap, self: 0, ref random);
        return view;
    }
}
