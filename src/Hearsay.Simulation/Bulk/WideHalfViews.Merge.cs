using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Hearsay.Protocols;

namespace Hearsay.Simulation.Bulk;

/// <content>Merging: what is known already, who is removed.</content>
internal static unsafe partial class WideHalfViews
{
    /// <summary>
    /// Takes what was received into both views: who was known keeps its place and the smaller age, the others are
    /// members of the set after those of the view.
    /// </summary>
    /// <remarks>
    /// Lower halves of handles are compared first, those of both exchanges in one register: half the work, and who is
    /// found wrongly (one exchange in seventy) is found out when its place is looked for.
    /// </remarks>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Append(byte* active, byte* passive, ref Side own, ref Side other)
    {
        var pairs = stackalloc uint[Slots];
        Pairs(Vector512.Load((uint*)active), Vector512.Load((uint*)passive)).Store(pairs);
        Pairs(Vector512.Load((uint*)active + 16), Vector512.Load((uint*)passive + 16)).Store(pairs + 16);
        var messages = Pairs(own.Message, other.Message).AsUInt16();
        var (even, odd) = (Vector512<ushort>.AllBitsSet, Vector512<ushort>.AllBitsSet);
        for (var pair = pairs; pair < pairs + Slots; pair += 4)
        {
            even = Vector512.Min(even, messages ^ Vector512.Create(pair[0]).AsUInt16());
            odd = Vector512.Min(odd, messages ^ Vector512.Create(pair[1]).AsUInt16());
            even = Vector512.Min(even, messages ^ Vector512.Create(pair[2]).AsUInt16());
            odd = Vector512.Min(odd, messages ^ Vector512.Create(pair[3]).AsUInt16());
        }

        var alike = Vector512.Equals(Vector512.Min(even, odd), Vector512<ushort>.Zero).ExtractMostSignificantBits();
        Append(ref own, Bmi2.X64.ParallelBitExtract(alike, 0x5555_5555));
        Append(ref other, Bmi2.X64.ParallelBitExtract(alike, 0xAAAA_AAAA));
    }

    /// <summary>Lower halves of the first, then of the second.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Pairs(Vector512<uint> first, Vector512<uint> second) =>
        Vector512.ConditionalSelect(Vector512.Create((uint)ushort.MaxValue), first, second << 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Append(ref Side side, ulong alike)
    {
        var mine = Vector512.Equals(side.Message, Vector512.Create(side.Self)).ExtractMostSignificantBits();
        var fresh = Low(side.Received) & ~mine;
        for (var twice = fresh & alike; twice != 0; twice &= twice - 1)
        {
            fresh ^= Refresh(ref side, BitOperations.TrailingZeroCount(twice));
        }

        side.All = Low(side.Count) | (fresh << Slots);
    }

    /// <summary>A peer that is there already gets the smaller age. The bit of the lane if it is there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Refresh(ref Side side, int lane)
    {
        var handle = Avx512F.PermuteVar16x32(side.Message, Vector512.Create((uint)lane));
        var place = Low(side.Count) & (Vector512.Equals(side.Low, handle).ExtractMostSignificantBits()
            | (Vector512.Equals(side.High, handle).ExtractMostSignificantBits() << 16));
        if (place == 0)
        {
            return 0;
        }

        var age = Avx512BW.PermuteVar32x16(side.MessageAges, Vector512.Create((ushort)lane));
        var only = Vector512.Equals(
            Vector512<ushort>.Indices, Vector512.Create((ushort)BitOperations.TrailingZeroCount(place)));
        side.Ages = Vector512.ConditionalSelect(only, Vector512.Min(side.Ages, age), side.Ages);
        return 1UL << lane;
    }

    /// <summary>Removes the oldest, up to H of each side, ties from the last position on.</summary>
    /// <param name="own">One side.</param>
    /// <param name="other">The other side.</param>
    /// <param name="healing">H.</param>
    /// <param name="greatest">No age is greater.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void RemoveOldest(ref Side own, ref Side other, int healing, uint greatest)
    {
        var ownQuota = Math.Clamp(own.Surplus, 0, healing);
        var otherQuota = Math.Clamp(other.Surplus, 0, healing);

        // The age of the youngest to be removed, two bits a round, of both sides side by side.
        var (ownAge, otherAge) = (0U, 0U);
        for (var shift = BitOperations.Log2(greatest | 1) & ~1; shift >= 0; shift -= 2)
        {
            var step = Vector512.Create((ushort)(1 << shift));
            var ownPart = Reached(own, ownAge, step, ownQuota);
            otherAge += Reached(other, otherAge, step, otherQuota) << shift;
            ownAge += ownPart << shift;
        }

        RemoveOldest(ref own, ownAge, ownQuota);
        RemoveOldest(ref other, otherAge, otherQuota);
    }

    /// <summary>How many of the next three ages enough entries have or exceed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Reached(in Side side, uint age, Vector512<ushort> step, int quota)
    {
        var first = Vector512.Create((ushort)age) + step;
        var second = first + step;
        var enough = quota - 1;
        return ((uint)(enough - BitOperations.PopCount(NotBelow(side, first))) >> 31)
            + ((uint)(enough - BitOperations.PopCount(NotBelow(side, second))) >> 31)
            + ((uint)(enough - BitOperations.PopCount(NotBelow(side, second + step))) >> 31);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void RemoveOldest(ref Side side, uint age, int quota)
    {
        var least = Vector512.Create((ushort)age);
        var older = NotBelow(side, least + Vector512<ushort>.One);
        var equal = NotBelow(side, least) & ~older;
        var spared = BitOperations.PopCount(equal) - (quota - BitOperations.PopCount(older));
        side.All &= ~(older | (equal & ~FirstOf(equal, spared)));
        side.Surplus -= quota;
    }

    /// <summary>The members of an age or older.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong NotBelow(in Side side, Vector512<ushort> age) => side.All
        & (Vector512.GreaterThanOrEqual(side.Ages, age).ExtractMostSignificantBits()
            | (Vector512.GreaterThanOrEqual(side.MessageAges, age).ExtractMostSignificantBits() << Slots));

    /// <summary>Removes what was sent, up to S, then random entries; false if a draw might be biased.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool RemoveSentAndRandom(ref Side side, int swap, ref SeededRandom random)
    {
        if (side.Surplus <= 0)
        {
            return true;
        }

        // What was sent still stands first.
        var swapped = FirstOf(Low(side.Sent) & side.All, Math.Min(swap, side.Surplus));
        side.All &= ~swapped;
        side.Surplus -= BitOperations.PopCount(swapped);
        return side.Surplus == 0 || RemoveRandom(ref side.All, side.Surplus, ref random);
    }

    /// <summary>Removes at random, with the draws and the choice of the plain kernel.</summary>
    [SkipLocalsInit]
    private static bool RemoveRandom(ref ulong set, int count, ref SeededRandom random)
    {
        var remaining = BitOperations.PopCount(set);
        if (count == 1)
        {
            set &= ~Bmi2.X64.ParallelBitDeposit(1UL << random.Below(remaining), set);
            return true;
        }

        var draws = stackalloc ulong[Slots];
        var left = stackalloc byte[Vector512<byte>.Count];
        PositionsOf(set).Store(left);
        if (!TryDraw(draws, count, remaining, ref random))
        {
            return false;
        }

        var chosen = 0UL;
        var last = left + remaining;
        var draw = (uint*)draws + 1;
        for (var end = draw + (2 * count); draw < end; draw += 2)
        {
            var place = left + *draw;
            chosen |= 1UL << *place;
            *place = *--last;
        }

        set &= ~chosen;
        return true;
    }

    /// <summary>The members of a set, in order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> PositionsOf(ulong set)
    {
        // Every lane gets the byte with its bit, then tests the bit.
        var bytes = Avx512BW.Shuffle(Vector512.Create(set).AsByte(), Vector512<byte>.Indices >> 3);
        var bits = Vector512.Create(0x8040_2010_0804_0201UL).AsByte();
        return Avx512Vbmi2.Compress(
            Vector512<byte>.Zero, Vector512.Equals(bytes & bits, bits), Vector512<byte>.Indices);
    }

    /// <summary>So many positions from the first on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Low(int count) => (1UL << count) - 1;

    /// <summary>The lowest so many bits of a set, or all of them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong FirstOf(ulong set, int count) => Bmi2.X64.ParallelBitDeposit(Low(count), set);
}
