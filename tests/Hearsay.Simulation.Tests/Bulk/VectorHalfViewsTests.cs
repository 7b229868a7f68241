using CsCheck;
using Hearsay.Protocols;
using Hearsay.Protocols.Sampling.Kernels;
using Hearsay.Protocols.Sampling.View;
using Hearsay.Simulation.Bulk;
using Hearsay.Simulation.Cycles;

namespace Hearsay.Simulation.Tests;

public unsafe class VectorHalfViewsTests
{
    /// <summary>
    /// Of so many exchanges three at most have a biased draw: of about 60 draws each is one with a chance of some 15 in
    /// 2^32, which makes one exchange in five million.
    /// </summary>
    private const int MostLeft = 3;

    private const uint Node = 100;
    private const uint Partner = 101;

    private static readonly Gen<ExchangeRules> AnyRules = Gen.Select(
        Gen.Int[2, 15],
        Gen.Int[0, 15],
        Gen.Int[0, 15],
        (half, healing, swap) => new ExchangeRules(
            ExchangeForm.HalfViews,
            PeerSelection.Rand,
            Propagation.PushPull,
            2 * half,
            Math.Min(healing, half),
            Math.Min(swap, half - Math.Min(healing, half)),
            0));

    /// <summary>Few handles make many duplicates, few ages many ties; now and then an age near its end.</summary>
    private static readonly Gen<(uint Handle, ushort Age)[]> AnyEntries = Gen.Select(
        Gen.UInt[60, 140], Gen.Frequency((20, Gen.UShort[0, 12]), (1, Gen.UShort[2_000, 2_047])),
        (handle, age) => (handle, age)).Array[45].Select(
            entries => entries.DistinctBy(entry => entry.handle).ToArray());

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_vectorised_exchange_equals_the_plain_kernels_draw_for_draw(bool wide)
    {
        SkipUnlessSupported(wide);
        var left = 0;
        Gen.Select(AnyRules, AnyEntries, AnyEntries, Gen.Int[1, 30], Gen.Int[0, 30], Gen.ULong).Sample(
            (rules, own, other, ownCount, otherCount, key) =>
            {
                var (active, passive) = (Row(own, ownCount, rules, Node), Row(other, otherCount, rules, Partner));
                var (plainActive, plainPassive) = ((byte[])active.Clone(), (byte[])passive.Clone());
                if (!Vectorised(wide, active, passive, rules, new SeededRandom(key)))
                {
                    Interlocked.Increment(ref left);
                    return active.SequenceEqual(plainActive) && passive.SequenceEqual(plainPassive);
                }

                Plain(plainActive, plainPassive, rules, new SeededRandom(key));
                return Read(active).SequenceEqual(Read(plainActive)) && Read(passive).SequenceEqual(Read(plainPassive));
            },
            iter: 20_000);
        Assert.InRange(left, 0, MostLeft);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_age_beyond_the_keys_is_left_to_the_plain_kernels_and_nothing_is_written(bool wide)
    {
        SkipUnlessSupported(wide);
        var rules = PeerSamplingOptions.Healer.ToRules();
        (uint, ushort)[] entries = [.. Enumerable.Range(1, 30).Select(i => ((uint)i, (ushort)(i == 7 ? 2_048 : i)))];
        var (active, passive) = (Row(entries, 30, rules, Node), Row(entries, 30, rules, Partner));
        var before = (byte[])active.Clone();
        Assert.False(Vectorised(wide, active, passive, rules, new SeededRandom(1)));
        Assert.Equal(before, active);
        Assert.True(Vectorised(wide, active, passive, rules with { Healing = 0 }, new SeededRandom(1)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_biased_draw_is_left_to_the_plain_kernels(bool wide)
    {
        SkipUnlessSupported(wide);
        var rules = PeerSamplingOptions.Blind.ToRules();
        (uint, ushort)[] entries = [.. Enumerable.Range(1, 30).Select(i => ((uint)i, (ushort)i))];
        foreach (var draw in new[] { 1, 15, 29 })
        {
            // Mix(0) is 0, so a stream that stands draw steps before 0 yields 0 then, which Lemire's method rejects.
            var random = new SeededRandom { Position = 0UL - ((ulong)draw * SeededRandom.Golden) };
            var (active, passive) = (Row(entries, 30, rules, Node), Row(entries, 30, rules, Partner));
            Assert.False(Vectorised(wide, active, passive, rules, random));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Ages_stop_at_their_maximum(bool wide)
    {
        SkipUnlessSupported(wide);
        var rules = PeerSamplingOptions.Blind.ToRules();
        var (active, passive) = (Row([(1, 65_535)], 1, rules, Node), Row([], 0, rules, Partner));
        Assert.True(Vectorised(wide, active, passive, rules, new SeededRandom(1)));
        Assert.Equal([(1u, (ushort)65_535), (Partner, (ushort)1)], Read(active));
        Assert.Equal([(Node, (ushort)1), (1u, (ushort)65_535)], Read(passive));
    }

    [Fact]
    public void The_oldest_of_a_row_is_the_choice_of_the_plain_kernel_with_as_many_draws()
    {
        SkipUnlessSupported(wide: true);
        var anyAge = Gen.Frequency((20, Gen.UShort[0, 5]), (1, Gen.UShort[65_533, 65_535]));
        Gen.Select(anyAge.Array[32], Gen.Int[0, 30], Gen.ULong).Sample(
            (ages, count, key) =>
            {
                var (plain, vectorised) = (new SeededRandom(key), new SeededRandom(key));
                var expected = SelectionKernel.Select(ages.AsSpan(0, count), PeerSelection.Tail, ref plain);
                fixed (ushort* slots = ages)
                {
                    return WideSelection.Oldest(slots, count, ref vectorised) == expected && plain == vectorised;
                }
            },
            iter: 20_000);
    }

    private static void SkipUnlessSupported(bool wide) => Assert.SkipUnless(
        wide ? WideHalfViews.IsSupported : VectorHalfViews.IsSupported, "This machine lacks the instructions.");

    private static bool Vectorised(
        bool wide, byte[] active, byte[] passive, in ExchangeRules rules, SeededRandom random)
    {
        fixed (byte* own = active, other = passive)
        {
            return wide
                ? WideHalfViews.TryExchange(
                    own, other, Node, Partner, rules.ViewSize, rules.Healing, rules.Swap, random)
                : VectorHalfViews.TryExchange(
                    own, other, Node, Partner, rules.ViewSize, rules.Healing, rules.Swap, random);
        }
    }

    private static void Plain(byte[] active, byte[] passive, in ExchangeRules rules, SeededRandom random)
    {
        var own = View(active, rules);
        var other = View(passive, rules);
        var request = new Message(rules);
        var answer = new Message(rules);
        request.Write(Node, ref own, answers: false, ref random);
        answer.Write(Partner, ref other, answers: true, ref random);
        ExchangeKernel.Merge(rules, ref other, request.Handles, request.Ages, answer.Sent, Partner, ref random);
        ExchangeKernel.Merge(rules, ref own, answer.Handles, answer.Ages, request.Sent, Node, ref random);
        other.IncreaseAges();
        own.IncreaseAges();
        Write(active, own);
        Write(passive, other);
    }

    private static byte[] Row((uint Handle, ushort Age)[] entries, int count, in ExchangeRules rules, uint self)
    {
        var row = new byte[192];
        var view = View(row, rules);
        var others = entries.Where(entry => entry.Handle != self);
        foreach (var (handle, age) in others.Take(Math.Min(count, rules.ViewSize)))
        {
            view.Append(handle, age);
        }

        Write(row, view);
        return row;
    }

    private static ViewSlice View(byte[] row, in ExchangeRules rules)
    {
        var view = new ViewSlice(new uint[rules.Room], new ushort[rules.Room], 0, rules.ViewSize);
        foreach (var (handle, age) in Read(row))
        {
            view.Append(handle, age);
        }

        return view;
    }

    private static void Write(byte[] row, in ViewSlice view)
    {
        for (var i = 0; i < view.Count; i++)
        {
            BitConverter.TryWriteBytes(row.AsSpan(4 * i), view.Handles[i]);
            BitConverter.TryWriteBytes(row.AsSpan(128 + (2 * i)), view.Ages[i]);
        }

        BitConverter.TryWriteBytes(row.AsSpan(190), (ushort)view.Count);
    }

    private static (uint Handle, ushort Age)[] Read(byte[] row) =>
        [.. Enumerable.Range(0, BitConverter.ToUInt16(row, 190))
            .Select(i => (BitConverter.ToUInt32(row, 4 * i), BitConverter.ToUInt16(row, 128 + (2 * i))))];
}
