using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Hearsay.Protocols;

namespace Hearsay.Simulation;

/// <summary>
/// A whole pushpull exchange of half views on two rows of 32 slots for machines with AVX-512, where a view fits three
/// registers: equal to the plain kernels draw for draw, which a property test holds.
/// </summary>
/// <remarks>
/// What is shuffled and moved is the order, a list of bytes; handles and ages follow it in one step. Positions are bits
/// of a mask: 0 to 31 the view, 32 to 47 what was received. <see cref="VectorHalfViews"/> serves other machines.
/// </remarks>
internal static unsafe partial class WideHalfViews
{
    /// <summary>Slots of a row, the last of which holds the count.</summary>
    private const int Slots = VectorHalfViews.Slots;

    /// <summary>Whether this machine has the instructions.</summary>
    public static bool IsSupported => Avx512Vbmi2.IsSupported && Avx512BW.VL.IsSupported && Bmi2.X64.IsSupported;

    /// <summary>
    /// Runs an exchange; both views grow a cycle older. The rows are written only if it succeeds.
    /// </summary>
    /// <param name="active">The row of the node whose turn it is.</param>
    /// <param name="passive">The row of its partner.</param>
    /// <param name="node">The handle of the first.</param>
    /// <param name="partner">The handle of the second.</param>
    /// <param name="capacity">c, at most 30.</param>
    /// <param name="healing">H.</param>
    /// <param name="swap">S.</param>
    /// <param name="random">The turn's stream after the partner was chosen.</param>
    /// <returns>False in the rare case that only the plain kernels can serve: a biased draw, or an age beyond
    /// <see cref="VectorHalfViews.OldestAge"/>.</returns>
    [SkipLocalsInit]
    public static bool TryExchange(
        byte* active, byte* passive, uint node, uint partner, int capacity, int healing, int swap, SeededRandom random)
    {
        var ownOrder = stackalloc byte[2 * Slots];
        var otherOrder = ownOrder + Slots;
        var (ownCount, otherCount) = ((int)CountOf(active), (int)CountOf(passive));
        if (!Shuffle(ownOrder, ownCount, ref random) || !Shuffle(otherOrder, otherCount, ref random))
        {
            return false;
        }

        var (ownAges, otherAges) = (AgesOf(active, ownCount), AgesOf(passive, otherCount));
        if (healing > 0)
        {
            var most = Vector512.Create((ushort)VectorHalfViews.OldestAge);
            if (Vector512.GreaterThanAny(Vector512.Max(ownAges, otherAges), most))
            {
                return false;
            }

            MoveOldestToEnd(ownOrder, ownAges, ownCount, otherOrder, otherAges, otherCount, healing);
        }

        var own = Take(active, ownOrder, ownAges);
        var other = Take(passive, otherOrder, otherAges);
        var sent = (capacity / 2) - 1;
        var (asked, answered) = (Math.Min(sent, ownCount), Math.Min(sent, otherCount));
        var (ownHandles, ownReceived) = (Message(partner, other.Low), MessageAges(other.Ages, answered + 1));
        var (otherHandles, otherReceived) = (Message(node, own.Low), MessageAges(own.Ages, asked + 1));
        var otherLeft = Merge(
            passive, ref other, otherCount, otherHandles, otherReceived, asked + 1, partner, answered, capacity,
            healing, swap, ref random);
        var ownLeft = Merge(
            active, ref own, ownCount, ownHandles, ownReceived, answered + 1, node, asked, capacity, healing, swap,
            ref random);
        Store(passive, other, otherHandles, otherReceived, otherLeft);
        Store(active, own, ownHandles, ownReceived, ownLeft);
        return true;
    }

    /// <summary>Handles and ages of a view in their order.</summary>
    private ref struct View
    {
        public Vector512<uint> Low;
        public Vector512<uint> High;
        public Vector512<ushort> Ages;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ushort CountOf(byte* row) => ((ushort*)(row + (Slots * sizeof(uint))))[Slots - 1];

    /// <summary>The ages of a row, 0 beyond its entries.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ushort> AgesOf(byte* row, int count) =>
        Vector512.Load((ushort*)(row + (Slots * sizeof(uint))))
        & Vector512.LessThan(Vector512<ushort>.Indices, Vector512.Create((ushort)count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static View Take(byte* row, byte* order, Vector512<ushort> ages)
    {
        var (low, high) = (Vector512.Load((uint*)row), Vector512.Load((uint*)row + 16));
        return new View
        {
            Low = Avx512F.PermuteVar16x32x2(low, Avx512F.ConvertToVector512UInt32(Vector128.Load(order)), high),
            High = Avx512F.PermuteVar16x32x2(low, Avx512F.ConvertToVector512UInt32(Vector128.Load(order + 16)), high),
            Ages = Avx512BW.PermuteVar32x16(ages, Avx512BW.ConvertToVector512UInt16(Vector256.Load(order))),
        };
    }

    /// <summary>The own descriptor, then the first entries of the view, garbage behind.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Message(uint self, Vector512<uint> handles) =>
        Avx512F.AlignRight32(handles, Vector512.Create(self), 15);

    /// <summary>Their ages, 0 behind.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ushort> MessageAges(Vector512<ushort> ages, int count) =>
        Later(ages, 1) & Vector512.LessThan(Vector512<ushort>.Indices, Vector512.Create((ushort)count));

    /// <summary>Every lane so many lanes later, 0 before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<ushort> Later(Vector512<ushort> lanes, int by) => Avx512BW.PermuteVar32x16x2(
        lanes, Vector512<ushort>.Indices - Vector512.Create((ushort)by), Vector512<ushort>.Zero);

    /// <summary>Takes a message into a view. Returns the positions that stay.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Merge(
        byte* row,
        ref View view,
        int count,
        Vector512<uint> message,
        Vector512<ushort> messageAges,
        int received,
        uint self,
        int sent,
        int capacity,
        int healing,
        int swap,
        ref SeededRandom random)
    {
        var handles = (uint*)row;
        var different = Vector512<uint>.AllBitsSet;
        for (var i = 0; i < count; i++)
        {
            different = Vector512.Min(different, message ^ Vector512.Create(handles[i]));
        }

        var known = Vector512.Equals(different, Vector512<uint>.Zero).ExtractMostSignificantBits();
        var mine = Vector512.Equals(message, Vector512.Create(self)).ExtractMostSignificantBits();
        var others = Low(received) & ~mine;
        for (var twice = others & known; twice != 0; twice &= twice - 1)
        {
            Refresh(ref view, BitOperations.TrailingZeroCount(twice), message, messageAges);
        }

        var all = Low(count) | ((others & ~known) << Slots);
        var surplus = BitOperations.PopCount(all) - capacity;
        if (surplus <= 0)
        {
            return all;
        }

        var removed = 0UL;
        var quota = Math.Min(healing, surplus);
        if (quota > 0)
        {
            removed = Oldest(view.Ages, messageAges, all, quota);
            surplus -= quota;
        }

        // What was sent still stands first.
        var swapped = FirstOf(Low(sent) & ~removed, Math.Min(swap, surplus));
        removed |= swapped;
        surplus -= BitOperations.PopCount(swapped);
        return surplus == 0 ? all & ~removed : all & ~removed & ~RandomOf(all & ~removed, surplus, ref random);
    }

    /// <summary>A peer that is there already keeps its place and the smaller age.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Refresh(
        ref View view, int lane, Vector512<uint> message, Vector512<ushort> messageAges)
    {
        var handle = Avx512F.PermuteVar16x32(message, Vector512.Create((uint)lane));
        var place = Vector512.Equals(view.Low, handle).ExtractMostSignificantBits()
            | (Vector512.Equals(view.High, handle).ExtractMostSignificantBits() << 16);
        var age = Avx512BW.PermuteVar32x16(messageAges, Vector512.Create((ushort)lane));
        var only = Vector512.Equals(
            Vector512<ushort>.Indices, Vector512.Create((ushort)BitOperations.TrailingZeroCount(place)));
        view.Ages = Vector512.ConditionalSelect(only, Vector512.Min(view.Ages, age), view.Ages);
    }

    /// <summary>Writes what is left of a view and what it received, one cycle older, in its order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(
        byte* row, in View view, Vector512<uint> message, Vector512<ushort> messageAges, ulong left)
    {
        var positions = PositionsOf(left);
        var ages = Avx512BW.PermuteVar32x16x2(
            view.Ages, Avx512BW.ConvertToVector512UInt16(positions.GetLower()), messageAges);
        ages = Vector512.ConditionalSelect(
            Vector512.Equals(Vector512<ushort>.Indices, Vector512.Create((ushort)(Slots - 1))),
            Vector512.Create((ushort)BitOperations.PopCount(left)),
            Avx512BW.AddSaturate(ages, Vector512<ushort>.One));
        Pick(view, message, positions.GetLower().GetLower()).Store((uint*)row);
        Pick(view, message, positions.GetLower().GetUpper()).Store((uint*)row + 16);
        ages.Store((ushort*)(row + (Slots * sizeof(uint))));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Pick(in View view, Vector512<uint> message, Vector128<byte> positions)
    {
        var places = Avx512F.ConvertToVector512UInt32(positions);
        return Vector512.ConditionalSelect(
            Vector512.LessThan(places, Vector512.Create((uint)Slots)),
            Avx512F.PermuteVar16x32x2(view.Low, places, view.High),
            Avx512F.PermuteVar16x32(message, places));
    }

    /// <summary>So many positions from the first on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Low(int count) => (1UL << count) - 1;

    /// <summary>The lowest so many bits of a set, or all of them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong FirstOf(ulong set, int count) => Bmi2.X64.ParallelBitDeposit(Low(count), set);
}
