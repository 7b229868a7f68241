using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Hearsay.Protocols;

namespace Hearsay.Simulation.Bulk;

/// <content>Drawing many numbers at once, shuffling, and moving the oldest.</content>
internal static unsafe partial class WideHalfViews
{
    private const int PositionBits = 5;
    private const ushort PositionMask = (1 << PositionBits) - 1;

    /// <summary>Truth tables: (a ^ b) &amp; c, and a ^ (b &amp; c).</summary>
    private const byte XorWhere = 0x28;
    private const byte XorIfBoth = 0x78;

    private const byte LowHalfTwice = 0b10_10_00_00;
    private const byte HighHalfTwice = 0b11_11_01_01;

    /// <summary>The largest bound of a draw is below this: a view and a message have fewer entries.</summary>
    private const int Most = 64;

    /// <summary>The multiples of the golden ratio that a stream's next 32 numbers stand at.</summary>
    private static readonly ulong* Steps = MakeTable(Slots, i => unchecked((ulong)(i + 1) * SeededRandom.Golden));

    /// <summary>Read from 64 - n on, the bounds of the draws from n entries: n, n - 1, ..., then 1.</summary>
    private static readonly ulong* Bounds = MakeTable(Most + Slots, i => (ulong)Math.Max(Most - i, 1));

    /// <summary>For each of eight lanes, a register with all bits set in it alone.</summary>
    private static readonly ushort* Single = (ushort*)MakeTable(
        16, i => i % 2 == i / 8 ? (ulong)ushort.MaxValue << (16 * (i / 2 % 4)) : 0);

    /// <summary>For each of eight lanes, the order of bytes that brings it to all lanes.</summary>
    private static readonly byte* Spread = (byte*)MakeTable(
        16, i => 0x0100_0100_0100_0100UL + ((ulong)(i / 2) * 0x0202_0202_0202_0202UL));

    private static ulong* MakeTable(int length, Func<int, ulong> valueOf)
    {
        var table = (ulong*)NativeMemory.AlignedAlloc((nuint)length * sizeof(ulong), 64);
        for (var i = 0; i < length; i++)
        {
            table[i] = valueOf(i);
        }

        return table;
    }

    /// <summary>
    /// The draws of the plain kernels below a bound, below one less, and so on, all at once; false if one of them
    /// might be biased. Every draw is the upper half of a number.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryDraw(ulong* draws, int count, int bound, ref SeededRandom random)
    {
        var bounds = Bounds + (Most - bound);
        var position = Vector512.Create(random.Position);
        var least = Vector512<uint>.AllBitsSet;
        for (var i = 0; i < count; i += 16)
        {
            var first = Draw(position + Vector512.Load(Steps + i), bounds + i);
            var second = Draw(position + Vector512.Load(Steps + i + 8), bounds + i + 8);
            least = Vector512.Min(least, Vector512.ConditionalSelect(
                Vector512.Create((ulong)uint.MaxValue).AsUInt32(), first, Avx512F.Shuffle(second, LowHalfTwice)));
            first.AsUInt64().Store(draws + i);
            second.AsUInt64().Store(draws + i + 8);
        }

        random.Position += (ulong)count * SeededRandom.Golden;

        // Lemire's method: the draw is above, and what may have to be rejected has almost nothing below.
        return !Vector512.LessThanAny(least, Vector512.Create((uint)Most));
    }

    /// <summary>
    /// The upper halves of eight numbers of the generator times a bound. Shifts and products share one port of the
    /// processor, so a half is moved by a shuffle.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Draw(Vector512<ulong> value, ulong* bounds)
    {
        value = (value ^ (value >> 30)) * Vector512.Create(0xBF58476D1CE4E5B9UL);
        value = (value ^ (value >> 27)) * Vector512.Create(0x94D049BB133111EBUL);
        var upper = Avx512F.Shuffle((value ^ (value >> 31)).AsUInt32(), HighHalfTwice);
        return Avx512F.Multiply(upper, Vector512.Load(bounds).AsUInt32()).AsUInt32();
    }

    /// <summary>
    /// The plain shuffle of both orders; false if a draw might be biased. A swap waits for what the one before has
    /// written, so both take it side by side.
    /// </summary>
    [SkipLocalsInit]
    private static bool Shuffle(ushort* own, int ownCount, ushort* other, int otherCount, ref SeededRandom random)
    {
        var draws = stackalloc ulong[2 * Slots];
        if (!TryDraw(draws, Math.Max(ownCount - 1, 0), ownCount, ref random)
            || !TryDraw(draws + Slots, Math.Max(otherCount - 1, 0), otherCount, ref random))
        {
            return false;
        }

        var draw = (uint*)draws + 1;
        if (ownCount != otherCount)
        {
            Swap(own, ownCount, draw);
            Swap(other, otherCount, draw + (2 * Slots));
            return true;
        }

        for (nint last = ownCount - 1; last > 0; last--, draw += 2)
        {
            Swap(own, last, draw[0]);
            Swap(other, last, draw[2 * Slots]);
        }

        return true;
    }

    private static void Swap(ushort* order, int count, uint* draw)
    {
        for (nint last = count - 1; last > 0; last--, draw += 2)
        {
            Swap(order, last, *draw);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Swap(ushort* order, nint last, nuint chosen) =>
        (order[last], order[chosen]) = (order[chosen], order[last]);

    /// <summary>
    /// Moves the H oldest to the end as the plain kernel does, which takes the first of the oldest each time.
    /// </summary>
    [SkipLocalsInit]
    private static void MoveOldestToEnd(ushort* own, int ownCount, ushort* other, int otherCount, int healing)
    {
        if (ownCount == otherCount)
        {
            MoveOldestToEnd(own, other, ownCount, healing);
            return;
        }

        // Views that are not full yet: each beside a copy of itself.
        var copy = stackalloc ushort[Slots];
        Vector512.Load(own).Store(copy);
        MoveOldestToEnd(own, copy, ownCount, healing);
        Vector512.Load(other).Store(copy);
        MoveOldestToEnd(other, copy, otherCount, healing);
    }

    /// <summary>
    /// A step waits for the one before, so both views take it side by side. The keys of a view stay in four short
    /// registers, as to bring the parts of a long one together takes as long as the search itself.
    /// </summary>
    private static void MoveOldestToEnd(ushort* own, ushort* other, int count, int healing)
    {
        var (keys, otherKeys) = (Keys(own, count), Keys(other, count));
        var (a, b) = (keys.GetLower().GetLower(), keys.GetLower().GetUpper());
        var (c, d) = (keys.GetUpper().GetLower(), keys.GetUpper().GetUpper());
        var (e, f) = (otherKeys.GetLower().GetLower(), otherKeys.GetLower().GetUpper());
        var (g, h) = (otherKeys.GetUpper().GetLower(), otherKeys.GetUpper().GetUpper());
        var (end, stop) = (count - 1, Math.Max(count - healing, 1));
        for (; end >= Math.Max(stop, 24); end--)
        {
            MoveOldest(own, end, ref a, ref b, ref c, ref d);
            MoveOldest(other, end, ref e, ref f, ref g, ref h);
        }

        for (; end >= Math.Max(stop, 16); end--)
        {
            MoveOldest(own, end, ref a, ref b, ref d, ref c);
            MoveOldest(other, end, ref e, ref f, ref h, ref g);
        }

        for (; end >= Math.Max(stop, 8); end--)
        {
            MoveOldest(own, end, ref a, ref c, ref d, ref b);
            MoveOldest(other, end, ref e, ref g, ref h, ref f);
        }

        for (; end >= stop; end--)
        {
            MoveOldest(own, end, ref b, ref c, ref d, ref a);
            MoveOldest(other, end, ref f, ref g, ref h, ref e);
        }
    }

    /// <summary>Younger above position: the least key is the first of the oldest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ushort> Keys(ushort* order, int count) =>
        Vector512.ConditionalSelect(
            Vector512.Create(PositionMask), Vector512<ushort>.Indices, Vector512.Load(order))
        | Vector512.GreaterThanOrEqual(Vector512<ushort>.Indices, Vector512.Create((ushort)count));

    /// <summary>Swaps the first of the oldest with the end, which lies in the last of the four registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MoveOldest(
        ushort* order,
        int end,
        ref Vector128<ushort> first,
        ref Vector128<ushort> second,
        ref Vector128<ushort> third,
        ref Vector128<ushort> last)
    {
        var found = Sse41.MinHorizontal(Vector128.Min(Vector128.Min(first, second), Vector128.Min(third, last)));
        var place = order + (nuint)(found.AsUInt32().ToScalar() & PositionMask);
        (order[(nuint)(uint)end], *place) = (*place, order[(nuint)(uint)end]);

        // The found key becomes that of the displaced entry at its place; the end is none any more.
        var lane = (nuint)(uint)end % 8;
        var displaced = Ssse3.Shuffle(last.AsByte(), Vector128.Load(Spread + (16 * lane))).AsUInt16();
        found = Avx2.BroadcastScalarToVector128(found);
        var change = Avx512F.VL.TernaryLogic(
            found, displaced, Vector128.Create((ushort)(ushort.MaxValue - PositionMask)), XorWhere);
        first = Change(first, found, change);
        second = Change(second, found, change);
        third = Change(third, found, change);
        last = Change(last, found, change) | Vector128.Load(Single + (8 * lane));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ushort> Change(
        Vector128<ushort> keys, Vector128<ushort> found, Vector128<ushort> change) =>
        Avx512F.VL.TernaryLogic(keys, Vector128.Equals(keys, found), change, XorIfBoth);
}
