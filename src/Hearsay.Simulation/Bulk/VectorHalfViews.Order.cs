using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Hearsay.Protocols;

namespace Hearsay.Simulation.Bulk;

/// <content>Shuffling, and finding the oldest.</content>
internal static unsafe partial class VectorHalfViews
{
    /// <summary>
    /// Ages up to this fit into a 16-bit key together with a position; older entries are left to the plain kernels.
    /// </summary>
    public const int OldestAge = 2047;

    private const int PositionBits = 5;
    private const int PositionMask = (1 << PositionBits) - 1;

    /// <summary>Read from 31 - i on, a vector with all bits set in lane i alone.</summary>
    private static readonly ushort* Single = MakeSingle();

    /// <summary>The multiples of the golden ratio that a stream's next 32 numbers stand at.</summary>
    private static readonly ulong* Steps = MakeSteps();

    private static ushort* MakeSingle()
    {
        var memory = (ushort*)NativeMemory.AllocZeroed(64, sizeof(ushort));
        memory[Slots - 1] = ushort.MaxValue;
        return memory;
    }

    private static ulong* MakeSteps()
    {
        var memory = (ulong*)NativeMemory.AlignedAlloc(Slots * sizeof(ulong), 64);
        for (var i = 0; i < Slots; i++)
        {
            memory[i] = unchecked((ulong)(i + 1) * SeededRandom.Golden);
        }

        return memory;
    }

    /// <summary>The plain shuffle with all draws at once; false if one of them were biased.</summary>
    [SkipLocalsInit]
    private static bool Shuffle(ulong* words, int count, ref SeededRandom random)
    {
        if (count < 2)
        {
            return true;
        }

        var draws = stackalloc ulong[Slots];
        var position = Vector512.Create(random.Position);
        var bounds = Vector512.Create((ulong)(uint)count) - Vector512<ulong>.Indices;
        var biased = Vector512<ulong>.Zero;
        var low = Vector512.Create((ulong)uint.MaxValue);
        for (var i = 0; i < Slots; i += 8)
        {
            var mixed = Mix(position + Vector512.Load(Steps + i));
            var product = (mixed >> 32) * bounds;
            biased |= Vector512.LessThan(product & low, bounds) & Vector512.LessThan(bounds, low);
            (product >> 32).Store(draws + i);
            bounds -= Vector512.Create(8UL);
        }

        if (biased != Vector512<ulong>.Zero)
        {
            return false;
        }

        for (var i = count - 1; i > 0; i--)
        {
            var j = *draws++;
            var word = words[j];
            words[j] = words[i];
            words[i] = word;
        }

        random.Position += (ulong)(count - 1) * SeededRandom.Golden;
        return true;
    }

    /// <summary>The finaliser of the generator on eight numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Mix(Vector512<ulong> value)
    {
        value = (value ^ (value >> 30)) * Vector512.Create(0xBF58476D1CE4E5B9UL);
        value = (value ^ (value >> 27)) * Vector512.Create(0x94D049BB133111EBUL);
        return value ^ (value >> 31);
    }

    /// <summary>
    /// Moves the H oldest to the end as the plain kernel does, which takes the first of the oldest each time. The keys
    /// (younger above position) stay in two registers: a search is one horizontal minimum, a swap two blends.
    /// </summary>
    private static bool MoveOldestToEnd(ulong* words, int count, int healing)
    {
        var low = Ages(words);
        var high = Ages(words + 16);
        var filled = Vector256.Create((ushort)count);
        var inLow = Vector256.LessThan(Vector256<ushort>.Indices, filled);
        var inHigh = Vector256.LessThan(Vector256<ushort>.Indices + Vector256.Create((ushort)16), filled);
        var oldest = Vector256.Create((ushort)OldestAge);
        if (Vector256.GreaterThanAny(Vector256.Max(low & inLow, high & inHigh), oldest))
        {
            return false;
        }

        low = ((oldest - low) << PositionBits) | Vector256<ushort>.Indices | ~inLow;
        high = ((oldest - high) << PositionBits)
            | (Vector256<ushort>.Indices + Vector256.Create((ushort)16)) | ~inHigh;
        var last = Math.Max(count - healing, 1);
        for (var end = count - 1; end >= last; end--)
        {
            var least = Vector256.Min(low, high);
            var found = Sse41.MinHorizontal(Vector128.Min(least.GetLower(), least.GetUpper()));
            var lanes = Avx2.BroadcastScalarToVector256(found);
            var place = found.ToScalar() & PositionMask;
            var (word, displaced) = (words[place], words[end]);
            (words[place], words[end]) = (displaced, word);
            var key = Vector256.Create((ushort)((OldestAge - (int)(displaced >> 32)) << PositionBits))
                | (lanes & Vector256.Create((ushort)PositionMask));
            low = Vector256.ConditionalSelect(Vector256.Equals(low, lanes), key, low)
                | Vector256.Load(Single + Slots - 1 - end);
            high = Vector256.ConditionalSelect(Vector256.Equals(high, lanes), key, high)
                | Vector256.Load(Single + Slots - 1 - end + 16);
        }

        return true;
    }

    /// <summary>
    /// The positions of the oldest entries, of equal ages the last ones: the age of the youngest of them by bisection,
    /// then the ties by a bit deposit.
    /// </summary>
    private static ulong Oldest(ulong* words, int count, int quota)
    {
        var all = Low(count);
        var low = Ages(words);
        var middle = Ages(words + 16);
        var high = Ages(words + 32);
        var age = 0U;
        for (var bit = Highest(low, middle, high, all); bit > 0; bit >>= 1)
        {
            var enough = BitOperations.PopCount(NotBelow(low, middle, high, age | bit) & all) >= quota;
            age = enough ? age | bit : age;
        }

        var older = age == ushort.MaxValue ? 0 : NotBelow(low, middle, high, age + 1) & all;
        var equal = NotBelow(low, middle, high, age) & all & ~older;
        var spared = BitOperations.PopCount(equal) - (quota - BitOperations.PopCount(older));
        return older | (equal & ~FirstOf(equal, spared));
    }

    /// <summary>The highest bit of the greatest age.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Highest(Vector256<ushort> low, Vector256<ushort> middle, Vector256<ushort> high, ulong all)
    {
        // Words beyond the view are garbage, perhaps with great ages: they only make the bisection longer.
        var most = ~Vector256.Max(Vector256.Max(low, middle), high & Filled(all >> 32));
        var greatest = (ushort)~Sse41.MinHorizontal(Vector128.Min(most.GetLower(), most.GetUpper())).ToScalar();
        return greatest == 0 ? 0 : 1U << BitOperations.Log2(greatest);
    }

    /// <summary>Lanes 0 to 15 of those in a set of the form "the first so many".</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ushort> Filled(ulong first) =>
        Vector256.LessThan(
            Vector256<ushort>.Indices, Vector256.Create((ushort)BitOperations.PopCount(first)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong NotBelow(
        Vector256<ushort> low, Vector256<ushort> middle, Vector256<ushort> high, uint age)
    {
        var least = Vector256.Create((ushort)age);
        return Vector256.Equals(Vector256.Max(low, least), low).ExtractMostSignificantBits()
            | ((ulong)Vector256.Equals(Vector256.Max(middle, least), middle).ExtractMostSignificantBits() << 16)
            | ((ulong)Vector256.Equals(Vector256.Max(high, least), high).ExtractMostSignificantBits() << 32);
    }

    /// <summary>The ages of sixteen words.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ushort> Ages(ulong* words) =>
        Vector256.Narrow(HighHalves(words), HighHalves(words + 8));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> HighHalves(ulong* words) =>
        Vector256.Narrow(Vector256.Load(words) >> 32, Vector256.Load(words + 4) >> 32);
}
