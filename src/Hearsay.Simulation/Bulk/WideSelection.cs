using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Hearsay.Protocols;
using Hearsay.Protocols.Sampling.Kernels;

namespace Hearsay.Simulation.Bulk;

/// <summary>
/// The oldest entry of a row of 32 slots for machines with AVX-512, ties at random: the choice and the draws of
/// <see cref="SelectionKernel"/>, without its branches that nobody can predict.
/// </summary>
internal static unsafe class WideSelection
{
    /// <summary>The position of the oldest, -1 if there is no entry.</summary>
    /// <param name="ages">32 ages, garbage beyond the entries.</param>
    /// <param name="count">How many entries there are, at most 31.</param>
    /// <param name="random">Drawn from as often as the plain kernel does.</param>
    public static int Oldest(ushort* ages, int count, ref SeededRandom random)
    {
        if (count == 0)
        {
            return -1;
        }

        var lanes = Vector512.Load(ages)
            & Vector512.LessThan(Vector512<ushort>.Indices, Vector512.Create((ushort)count));
        var most = Running(lanes);

        // The plain kernel draws wherever an age equals the greatest so far; only the last of these ties matter.
        var entries = (1UL << count) - 1;
        var draws = Vector512.Equals(lanes, Later(most)).ExtractMostSignificantBits() & entries & ~1UL;
        var greatest = Avx512BW.PermuteVar32x16(most, Vector512.Create((ushort)31));
        var oldest = Vector512.Equals(lanes, greatest).ExtractMostSignificantBits() & entries;
        var chosen = BitOperations.TrailingZeroCount(oldest);
        random.Position += (ulong)BitOperations.PopCount(draws & ((1UL << chosen) - 1)) * SeededRandom.Golden;
        var ties = 1;
        for (oldest &= oldest - 1; oldest != 0; oldest &= oldest - 1)
        {
            chosen = random.Below(++ties) == 0 ? BitOperations.TrailingZeroCount(oldest) : chosen;
        }

        return chosen;
    }

    /// <summary>The greatest of each lane and all before it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ushort> Running(Vector512<ushort> lanes)
    {
        // Within each quarter by shifts of its bytes, then with the greatest of the quarters before.
        var most = Vector512.Max(lanes, Shift(lanes, 2));
        most = Vector512.Max(most, Shift(most, 4));
        most = Vector512.Max(most, Shift(most, 8));
        var last = Avx512BW.Shuffle(most.AsByte(), Vector512.Create((ushort)0x0F0E).AsByte()).AsUInt64();
        var zero = Vector512<ulong>.Zero;
        var before = Vector512.Max(
            Avx512F.AlignRight64(last, zero, 6).AsUInt16(), Avx512F.AlignRight64(last, zero, 4).AsUInt16());
        before = Vector512.Max(before, Avx512F.AlignRight64(last, zero, 2).AsUInt16());
        return Vector512.Max(most, before);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ushort> Shift(Vector512<ushort> lanes, [ConstantExpected] byte bytes) =>
        Avx512BW.ShiftLeftLogical128BitLane(lanes.AsByte(), bytes).AsUInt16();

    /// <summary>Every lane one lane later, 0 first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ushort> Later(Vector512<ushort> lanes)
    {
        var words = lanes.AsUInt32();
        return ((words << 16) | (Avx512F.AlignRight32(words, Vector512<uint>.Zero, 15) >> 16)).AsUInt16();
    }
}
