using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Hearsay.Protocols.Sampling.View;

namespace Hearsay.Protocols.Sampling.Samplers;

/// <summary>A set of slots of a view, one bit for each of at most 256.</summary>
/// <remarks>
/// It was an inline array: with that, drawing from a sampler corrupted the memory of .NET 10's interpreter for
/// WebAssembly, until the garbage collector stopped at an object that was none.
/// </remarks>
[StructLayout(LayoutKind.Sequential)]
internal struct SlotMask
{
    private const int Words = ViewPublisher.MaximumCapacity / 64;

    /// <summary>The marks of someone who was given nothing.</summary>
    private static readonly long[] Nothing = new long[ViewPublisher.MaximumCapacity];

#pragma warning disable IDE0051, CS0169 // Reached through the first of them.
    /// <summary>The words, one behind the other.</summary>
    private ulong _first;
    private readonly ulong _second;
    private readonly ulong _third;
    private readonly ulong _fourth;
#pragma warning restore IDE0051, CS0169

    /// <summary>A word; the caller keeps to the bounds.</summary>
    private ulong this[int word]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        readonly get
        {
            Debug.Assert((uint)word < Words);
            return Unsafe.Add(ref Unsafe.AsRef(in _first), word);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        set
        {
            Debug.Assert((uint)word < Words);
            Unsafe.Add(ref _first, word) = value;
        }
    }

    /// <summary>How many slots are in the set.</summary>
    internal readonly int Count
    {
        get
        {
            var count = 0;
            for (var word = 0; word < Words; word++)
            {
                count += BitOperations.PopCount(this[word]);
            }

            return count;
        }
    }

    /// <summary>The slots whose stamp is greater than the one remembered, and how many they are.</summary>
    /// <param name="stamps">Stamps by slot, a multiple of four.</param>
    /// <param name="given">What is remembered, as long.</param>
    /// <param name="count">How many slots.</param>
    /// <remarks>
    /// Greater and not merely different: a thread that still reads the view before the last may then find an entry that
    /// left, but never one that was remembered after it, and no mark ever goes back.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static SlotMask Newer(long[] stamps, long[] given, out int count)
    {
        SlotMask mask = default;
        count = 0;
        ref var stamp = ref MemoryMarshal.GetArrayDataReference(stamps);
        ref var mark = ref MemoryMarshal.GetArrayDataReference(given);
        for (var start = 0; start < stamps.Length; start += 64)
        {
            var bits = NewerBits(ref stamp, ref mark, start, Math.Min(stamps.Length, start + 64));
            mask[start >> 6] = bits;
            count += BitOperations.PopCount(bits);
        }

        return mask;
    }

    /// <summary>The slots with an entry, and how many they are.</summary>
    internal static SlotMask Occupied(long[] stamps, out int count) => Newer(stamps, Nothing, out count);

    /// <summary>The least or the greatest age in the set, which is not empty.</summary>
    internal readonly ushort ExtremeAge(ushort[] ages, bool oldest)
    {
        // Inverted ages make the oldest the least.
        var inversion = oldest ? ushort.MaxValue : 0;
        var least = int.MaxValue;
        for (var word = 0; word < Words; word++)
        {
            for (var bits = this[word]; bits != 0; bits &= bits - 1)
            {
                least = Math.Min(least, ages[(word << 6) + BitOperations.TrailingZeroCount(bits)] ^ inversion);
            }
        }

        return (ushort)(least ^ inversion);
    }

    /// <summary>Of the slots in the set those of one age, and how many they are.</summary>
    /// <param name="ages">Ages by slot, a multiple of sixteen.</param>
    /// <param name="age">The age.</param>
    /// <param name="count">How many slots.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly SlotMask OfAge(ushort[] ages, ushort age, out int count)
    {
        var mask = this;
        count = 0;
        ref var first = ref MemoryMarshal.GetArrayDataReference(ages);
        for (var start = 0; start < ages.Length; start += 64)
        {
            var bits = mask[start >> 6] & EqualBits(ref first, age, start, Math.Min(ages.Length, start + 64));
            mask[start >> 6] = bits;
            count += BitOperations.PopCount(bits);
        }

        return mask;
    }

    /// <summary>The slot that stands at a place of the set, counted from 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly int At(int place)
    {
        var word = 0;
        while (true)
        {
            var count = BitOperations.PopCount(this[word]);
            if (place < count)
            {
                return (word << 6) + PlaceOfBit(this[word], place);
            }

            place -= count;
            word++;
        }
    }

    /// <summary>Whether a slot is in the set.</summary>
    internal readonly bool Contains(int slot) => ((this[slot >> 6] >> (slot & 63)) & 1) != 0;

    /// <summary>The slots in both sets.</summary>
    internal readonly SlotMask And(in SlotMask other)
    {
        var mask = this;
        for (var word = 0; word < Words; word++)
        {
            mask[word] &= other[word];
        }

        return mask;
    }

    /// <summary>Takes a slot out.</summary>
    internal void Remove(int slot) => this[slot >> 6] &= ~(1UL << (slot & 63));

    /// <summary>The slots in this set and not in the other.</summary>
    internal readonly SlotMask Without(in SlotMask other)
    {
        var mask = this;
        for (var word = 0; word < Words; word++)
        {
            mask[word] &= ~other[word];
        }

        return mask;
    }

    private static int PlaceOfBit(ulong bits, int place)
    {
        if (Bmi2.X64.IsSupported)
        {
            return BitOperations.TrailingZeroCount(Bmi2.X64.ParallelBitDeposit(1UL << place, bits));
        }

        for (; place > 0; place--)
        {
            bits &= bits - 1;
        }

        return BitOperations.TrailingZeroCount(bits);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong NewerBits(ref long stamp, ref long mark, int start, int end)
    {
        var bits = 0UL;
        if (Vector256.IsHardwareAccelerated)
        {
            for (var i = start; i < end; i += Vector256<long>.Count)
            {
                var newer = Vector256.GreaterThan(
                    Vector256.LoadUnsafe(ref stamp, (nuint)i), Vector256.LoadUnsafe(ref mark, (nuint)i));
                bits |= (ulong)newer.ExtractMostSignificantBits() << (i & 63);
            }

            return bits;
        }

        for (var i = start; i < end; i++)
        {
            bits |= (Unsafe.Add(ref stamp, i) > Unsafe.Add(ref mark, i) ? 1UL : 0UL) << (i & 63);
        }

        return bits;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong EqualBits(ref ushort ages, ushort age, int start, int end)
    {
        var bits = 0UL;
        if (Vector256.IsHardwareAccelerated)
        {
            var wanted = Vector256.Create(age);
            for (var i = start; i < end; i += Vector256<ushort>.Count)
            {
                var equal = Vector256.Equals(Vector256.LoadUnsafe(ref ages, (nuint)i), wanted);
                bits |= (ulong)equal.ExtractMostSignificantBits() << (i & 63);
            }

            return bits;
        }

        for (var i = start; i < end; i++)
        {
            bits |= (Unsafe.Add(ref ages, i) == age ? 1UL : 0UL) << (i & 63);
        }

        return bits;
    }
}
