using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Hearsay.Protocols;

namespace Hearsay.Simulation;

/// <content>Drawing many numbers at once, shuffling, and moving the oldest.</content>
internal static unsafe partial class WideHalfViews
{
    private const int PositionBits = 5;
    private const ushort PositionMask = (1 << PositionBits) - 1;

    /// <summary>The largest bound of a draw is below this: a view and a message have fewer entries.</summary>
    private const int Most = 64;

    /// <summary>The multiples of the golden ratio that a stream's next 32 numbers stand at.</summary>
    private static readonly ulong* Steps = MakeTable(Slots, i => unchecked((ulong)(i + 1) * SeededRandom.Golden));

    /// <summary>Read from 64 - n on, the bounds of the draws from n entries: n, n - 1, ..., then 1.</summary>
    private static readonly ulong* Bounds = MakeTable(Most + Slots, i => (ulong)Math.Max(Most - i, 1));

    /// <summary>Read from 32 - i on, 32 words with all bits set in the i-th alone.</summary>
    private static readonly ushort* Single = (ushort*)MakeTable(16, i => i == 8 ? ushort.MaxValue : 0UL);

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
    /// might be biased.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryDraw(ulong* draws, int count, int bound, ref SeededRandom random)
    {
        var bounds = Bounds + (Most - bound);
        var position = Vector512.Create(random.Position);
        var least = Vector512<uint>.AllBitsSet;
        for (var i = 0; i < count; i += 8)
        {
            var mixed = Mix(position + Vector512.Load(Steps + i));
            var product = Avx512F.Multiply(mixed.AsUInt32(), Vector512.Load(bounds + i).AsUInt32());
            least = Vector512.Min(least, (product | Vector512.Create(~0UL << 32)).AsUInt32());
            (product >> 32).Store(draws + i);
        }

        random.Position += (ulong)count * SeededRandom.Golden;

        // Lemire's method: the draw is above, and what may have to be rejected has almost nothing below.
        return !Vector512.LessThanAny(least, Vector512.Create((uint)Most));
    }

    /// <summary>The upper halves of eight numbers of the generator, as far below.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Mix(Vector512<ulong> value)
    {
        value = (value ^ (value >> 30)) * Vector512.Create(0xBF58476D1CE4E5B9UL);
        value = (value ^ (value >> 27)) * Vector512.Create(0x94D049BB133111EBUL);
        return (value >> 32) ^ (value >> 63);
    }

    /// <summary>The plain shuffle of an order; false if a draw might be biased.</summary>
    [SkipLocalsInit]
    private static bool Shuffle(ushort* order, int count, ref SeededRandom random)
    {
        var draws = stackalloc ulong[Slots];
        if (!TryDraw(draws, Math.Max(count - 1, 0), count, ref random))
        {
            return false;
        }

        for (var last = order + count - 1; last > order; last--)
        {
            var chosen = order + *draws++;
            (*last, *chosen) = (*chosen, *last);
        }

        return true;
    }

    /// <summary>
    /// Moves the H oldest to the end as the plain kernel does, which takes the first of the oldest each time. A step
    /// waits for the one before, so both views take it side by side.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MoveOldestToEnd(ushort* own, int ownCount, ushort* other, int otherCount, int healing)
    {
        var (ownLow, ownHigh) = (Keys(own, 0, ownCount), Keys(own, 16, ownCount));
        var (otherLow, otherHigh) = (Keys(other, 0, otherCount), Keys(other, 16, otherCount));
        var both = Math.Min(healing, Math.Min(ownCount, otherCount) - 1);
        for (var i = 1; i <= both; i++)
        {
            MoveOldest(own, ref ownLow, ref ownHigh, ownCount - i);
            MoveOldest(other, ref otherLow, ref otherHigh, otherCount - i);
        }

        for (var i = Math.Max(both, 0) + 1; i <= healing; i++)
        {
            if (ownCount > i)
            {
                MoveOldest(own, ref ownLow, ref ownHigh, ownCount - i);
            }

            if (otherCount > i)
            {
                MoveOldest(other, ref otherLow, ref otherHigh, otherCount - i);
            }
        }
    }

    /// <summary>Younger above position: the least key is the first of the oldest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ushort> Keys(ushort* order, int from, int count)
    {
        var positions = Vector256<ushort>.Indices + Vector256.Create((ushort)from);
        return Choose(Vector256.Create(PositionMask), positions, Vector256.Load(order + from))
            | Vector256.GreaterThanOrEqual(positions, Vector256.Create((ushort)count));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MoveOldest(ushort* order, ref Vector256<ushort> low, ref Vector256<ushort> high, int end)
    {
        var least = Vector256.Min(low, high);
        var found = Sse41.MinHorizontal(Vector128.Min(least.GetLower(), least.GetUpper()));
        var place = order + (found.ToScalar() & PositionMask);
        var displaced = order[end];
        order[end] = *place;
        *place = displaced;
        var lanes = Avx2.BroadcastScalarToVector256(found);
        var moved = Choose(Vector256.Create(PositionMask), lanes, Vector256.Create(displaced));
        low = Choose(Vector256.Equals(low, lanes), moved, low) | Vector256.Load(Single + Slots - end);
        high = Choose(Vector256.Equals(high, lanes), moved, high) | Vector256.Load(Single + Slots - end + 16);
    }

    /// <summary>The bits of one where a mask is set, else of the other: one instruction, where a blend is three.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ushort> Choose(
        Vector256<ushort> mask, Vector256<ushort> where, Vector256<ushort> otherwise) =>
        Avx512F.VL.TernaryLogic(mask, where, otherwise, 0xCA);
}
