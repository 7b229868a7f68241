using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Hearsay.Protocols;

namespace Hearsay.Simulation.Bulk;

/// <summary>
/// A whole pushpull exchange of half views on two rows of 32 slots for machines with AVX-512, where a view fits three
/// registers: equal to the plain kernels draw for draw, which a property test holds.
/// </summary>
/// <remarks>
/// What is shuffled and moved is the order, a list of words with an index (and, for the search of the oldest, an age);
/// handles and ages follow it in one step. Positions are bits of a set: 0 to 31 the view, 32 to 47 what was received.
/// Both sides of an exchange take every step together, as most steps wait for the one before.
/// <see cref="VectorHalfViews"/> serves other machines.
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
        var ownOrder = stackalloc ushort[2 * Slots];
        var otherOrder = ownOrder + Slots;
        var (ownCount, otherCount) = ((int)CountOf(active), (int)CountOf(passive));
        var (ownAges, otherAges) = (AgesOf(active, ownCount), AgesOf(passive, otherCount));
        var greatest = healing == 0 ? 0U : Greatest(Vector512.Max(ownAges, otherAges));
        if (greatest > VectorHalfViews.OldestAge)
        {
            return false;
        }

        Order(ownAges).Store(ownOrder);
        Order(otherAges).Store(otherOrder);
        if (!Shuffle(ownOrder, ownCount, otherOrder, otherCount, ref random))
        {
            return false;
        }

        if (healing > 0)
        {
            MoveOldestToEnd(ownOrder, ownCount, otherOrder, otherCount, healing);
        }

        var own = Take(active, ownOrder, ownAges, ownCount, node, capacity);
        var other = Take(passive, otherOrder, otherAges, otherCount, partner, capacity);
        Send(own, ref other);
        Send(other, ref own);
        Append(active, passive, ref own, ref other);
        own.Surplus = BitOperations.PopCount(own.All) - capacity;
        other.Surplus = BitOperations.PopCount(other.All) - capacity;
        if (healing > 0)
        {
            RemoveOldest(ref own, ref other, healing, greatest);
        }

        if (!RemoveSentAndRandom(ref other, swap, ref random) || !RemoveSentAndRandom(ref own, swap, ref random))
        {
            return false;
        }

        Store(passive, other);
        Store(active, own);
        return true;
    }

    /// <summary>A view in its order, what it receives, and what of both stays.</summary>
    private ref struct Side
    {
        public Vector512<uint> Low;
        public Vector512<uint> High;
        public Vector512<ushort> Ages;
        public Vector512<uint> Message;
        public Vector512<ushort> MessageAges;
        public ulong All;
        public uint Self;
        public int Count;
        public int Sent;
        public int Received;
        public int Surplus;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ushort CountOf(byte* row) => ((ushort*)(row + (Slots * sizeof(uint))))[Slots - 1];

    /// <summary>The ages of a row, 0 beyond its entries.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ushort> AgesOf(byte* row, int count) =>
        Vector512.Load((ushort*)(row + (Slots * sizeof(uint))))
        & Vector512.LessThan(Vector512<ushort>.Indices, Vector512.Create((ushort)count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Greatest(Vector512<ushort> ages)
    {
        var half = Vector256.Max(ages.GetLower(), ages.GetUpper());
        return (ushort)~Sse41.MinHorizontal(~Vector128.Max(half.GetLower(), half.GetUpper())).ToScalar();
    }

    /// <summary>The indices in order, younger above them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ushort> Order(Vector512<ushort> ages) =>
        ((Vector512.Create((ushort)VectorHalfViews.OldestAge) - ages) << PositionBits) | Vector512<ushort>.Indices;

    /// <summary>The instructions look at no more bits of an index than they need: the age above is harmless.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Side Take(
        byte* row, ushort* order, Vector512<ushort> ages, int count, uint self, int capacity)
    {
        var (low, high) = (Vector512.Load((uint*)row), Vector512.Load((uint*)row + 16));
        var places = Vector512.Load(order);
        return new Side
        {
            Low = Avx512F.PermuteVar16x32x2(low, Avx512F.ConvertToVector512UInt32(places.GetLower()), high),
            High = Avx512F.PermuteVar16x32x2(low, Avx512F.ConvertToVector512UInt32(places.GetUpper()), high),
            Ages = Avx512BW.PermuteVar32x16(ages, places),
            Self = self,
            Count = count,
            Sent = Math.Min((capacity / 2) - 1, count),
        };
    }

    /// <summary>The own descriptor and the first entries of the view; garbage of age 0 behind.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Send(in Side from, ref Side to)
    {
        to.Received = from.Sent + 1;
        to.Message = Avx512F.AlignRight32(from.Low, Vector512.Create(from.Self), 15);

        // One lane later; below 0 there is no lane, which is a great number here.
        var places = Vector512<ushort>.Indices - Vector512<ushort>.One;
        to.MessageAges = Avx512BW.PermuteVar32x16(from.Ages, places)
            & Vector512.LessThan(places, Vector512.Create((ushort)from.Sent));
    }

    /// <summary>Writes what is left of a view and what it received, one cycle older, in its order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(byte* row, in Side side)
    {
        var positions = PositionsOf(side.All);
        var ages = Avx512BW.PermuteVar32x16x2(
            side.Ages, Avx512BW.ConvertToVector512UInt16(positions.GetLower()), side.MessageAges);
        ages = Vector512.ConditionalSelect(
            Vector512.Equals(Vector512<ushort>.Indices, Vector512.Create((ushort)(Slots - 1))),
            Vector512.Create((ushort)BitOperations.PopCount(side.All)),
            Avx512BW.AddSaturate(ages, Vector512<ushort>.One));
        Pick(side, positions.GetLower().GetLower()).Store((uint*)row);
        Pick(side, positions.GetLower().GetUpper()).Store((uint*)row + 16);
        ages.Store((ushort*)(row + (Slots * sizeof(uint))));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Pick(in Side side, Vector128<byte> positions)
    {
        var places = Avx512F.ConvertToVector512UInt32(positions);
        return Vector512.ConditionalSelect(
            Vector512.LessThan(places, Vector512.Create((uint)Slots)),
            Avx512F.PermuteVar16x32x2(side.Low, places, side.High),
            Avx512F.PermuteVar16x32(side.Message, places));
    }
}
