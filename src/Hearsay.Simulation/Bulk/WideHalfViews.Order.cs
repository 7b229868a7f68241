using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Hearsay.Protocols;

namespace Hearsay.Simulation;

/// <content>Shuffling, and finding the oldest.</content>
internal static unsafe partial class WideHalfViews
{
    private const int PositionBits = 5;
    private const ushort PositionMask = (1 << PositionBits) - 1;

    /// <summary>The multiples of the golden ratio that a stream's next 32 numbers stand at.</summary>
    private static readonly ulong* Steps = MakeTable(Slots, i => unchecked((ulong)(i + 1) * SeededRandom.Golden));

    /// <summary>Read from 32 - n on, the bounds of the draws that shuffle n entries: n, n - 1, ..., then 1.</summary>
    private static readonly ulong* Bounds = MakeTable(2 * Slots, i => (ulong)Math.Max(Slots - i, 1));

    private static ulong* MakeTable(int length, Func<int, ulong> valueOf)
    {
        var table = (ulong*)NativeMemory.AlignedAlloc((nuint)length * sizeof(ulong), 64);
        for (var i = 0; i < length; i++)
        {
            table[i] = valueOf(i);
        }

        return table;
    }

    /// <summary>The plain shuffle of an order with all draws at once; false if one of them might be biased.</summary>
    [SkipLocalsInit]
    private static bool Shuffle(byte* order, int count, ref SeededRandom random)
    {
        Vector256<byte>.Indices.Store(order);
        var draws = stackalloc ulong[Slots];
        var bounds = Bounds + (Slots - count);
        var position = Vector512.Create(random.Position);
        var least = Vector512<uint>.AllBitsSet;
        for (var i = 0; i < count - 1; i += 8)
        {
            var mixed = Mix(position + Vector512.Load(Steps + i));
            var product = Avx512F.Multiply(mixed.AsUInt32(), Vector512.Load(bounds + i).AsUInt32());
            least = Vector512.Min(least, (product | Vector512.Create(~0UL << 32)).AsUInt32());
            product.Store(draws + i);
        }

        // Lemire's method: the draw is above, and what may have to be rejected has almost nothing below.
        if (Vector512.LessThanAny(least, Vector512.Create((uint)Slots)))
        {
            return false;
        }

        var draw = (uint*)draws + 1;
        for (var i = count - 1; i > 0; i--, draw += 2)
        {
            (order[i], order[*draw]) = (order[*draw], order[i]);
        }

        random.Position += (ulong)Math.Max(count - 1, 0) * SeededRandom.Golden;
        return true;
    }

    /// <summary>The upper halves of eight numbers of the generator, as far below.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Mix(Vector512<ulong> value)
    {
        value = (value ^ (value >> 30)) * Vector512.Create(0xBF58476D1CE4E5B9UL);
        value = (value ^ (value >> 27)) * Vector512.Create(0x94D049BB133111EBUL);
        return (value >> 32) ^ (value >> 63);
    }

    /// <summary>
    /// Moves the H oldest to the end as the plain kernel does, which takes the first of the oldest each time. A step
    /// waits for the one before, so both views take it side by side.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MoveOldestToEnd(
        byte* ownOrder,
        Vector512<ushort> ownAges,
        int ownCount,
        byte* otherOrder,
        Vector512<ushort> otherAges,
        int otherCount,
        int healing)
    {
        var own = Keys(ownOrder, ownAges, ownCount);
        var (ownLow, ownHigh) = (own.GetLower(), own.GetUpper());
        var other = Keys(otherOrder, otherAges, otherCount);
        var (otherLow, otherHigh) = (other.GetLower(), other.GetUpper());
        for (var i = 1; i <= healing; i++)
        {
            if (ownCount > i)
            {
                MoveOldest(ownOrder, ref ownLow, ref ownHigh, ownCount - i);
            }

            if (otherCount > i)
            {
                MoveOldest(otherOrder, ref otherLow, ref otherHigh, otherCount - i);
            }
        }
    }

    /// <summary>Younger above position: the least key is the first of the oldest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ushort> Keys(byte* order, Vector512<ushort> ages, int count)
    {
        ages = Avx512BW.PermuteVar32x16(ages, Avx512BW.ConvertToVector512UInt16(Vector256.Load(order)));
        return ((Vector512.Create((ushort)VectorHalfViews.OldestAge) - ages) << PositionBits)
            | Vector512<ushort>.Indices
            | Vector512.GreaterThanOrEqual(Vector512<ushort>.Indices, Vector512.Create((ushort)count));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MoveOldest(byte* order, ref Vector256<ushort> low, ref Vector256<ushort> high, int end)
    {
        var least = Vector256.Min(low, high);
        var found = Sse41.MinHorizontal(Vector128.Min(least.GetLower(), least.GetUpper()));
        var place = found.ToScalar() & PositionMask;
        (order[place], order[end]) = (order[end], order[place]);
        var lanes = Avx2.BroadcastScalarToVector256(found);
        var last = Vector256.Create((ushort)end);
        var mask = Vector256.Create(PositionMask);
        var displaced = (lanes & mask) | Vector256.AndNot(Avx512BW.VL.PermuteVar16x16x2(low, last, high), mask);
        low = Vector256.ConditionalSelect(Vector256.Equals(low, lanes), displaced, low)
            | Vector256.Equals(Vector256<ushort>.Indices, last);
        high = Vector256.ConditionalSelect(Vector256.Equals(high, lanes), displaced, high)
            | Vector256.Equals(Vector256<ushort>.Indices + Vector256.Create((ushort)16), last);
    }

    /// <summary>
    /// The positions of the oldest entries, of equal ages the last ones: the age of the youngest of them by bisection,
    /// then the ties by a bit deposit.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Oldest(Vector512<ushort> ages, Vector512<ushort> received, ulong all, int quota)
    {
        // What was received twice may have a greater age than all: that only makes the bisection longer.
        var most = Vector256.Max(Vector256.Max(ages.GetLower(), ages.GetUpper()), received.GetLower());
        var greatest = Sse41.MinHorizontal(~Vector128.Max(most.GetLower(), most.GetUpper())).ToScalar();
        var age = 0U;
        for (var bit = 0x8000U >> BitOperations.LeadingZeroCount((uint)(ushort)~greatest << 16); bit > 0; bit >>= 1)
        {
            age |= BitOperations.PopCount(NotBelow(ages, received, age | bit) & all) >= quota ? bit : 0;
        }

        var older = age == ushort.MaxValue ? 0 : NotBelow(ages, received, age + 1) & all;
        var equal = NotBelow(ages, received, age) & all & ~older;
        var spared = BitOperations.PopCount(equal) - (quota - BitOperations.PopCount(older));
        return older | (equal & ~FirstOf(equal, spared));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong NotBelow(Vector512<ushort> ages, Vector512<ushort> received, uint age)
    {
        var least = Vector512.Create((ushort)age);
        return Vector512.GreaterThanOrEqual(ages, least).ExtractMostSignificantBits()
            | (Vector512.GreaterThanOrEqual(received, least).ExtractMostSignificantBits() << Slots);
    }

    /// <summary>A random choice, with the draws and the choice of the plain kernel.</summary>
    [SkipLocalsInit]
    private static ulong RandomOf(ulong set, int count, ref SeededRandom random)
    {
        var remaining = BitOperations.PopCount(set);
        if (count == 1)
        {
            return Bmi2.X64.ParallelBitDeposit(1UL << random.Below(remaining), set);
        }

        var left = stackalloc byte[Vector512<byte>.Count];
        PositionsOf(set).Store(left);
        var chosen = 0UL;
        for (; count > 0; count--)
        {
            var rank = random.Below(remaining--);
            chosen |= 1UL << left[rank];
            left[rank] = left[remaining];
        }

        return chosen;
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
}
