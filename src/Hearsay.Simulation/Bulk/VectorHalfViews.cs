using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Hearsay.Protocols;

namespace Hearsay.Simulation.Bulk;

/// <summary>
/// A whole pushpull exchange of half views on two rows of 32 slots, vectorised: equal to the plain kernels draw for
/// draw, which a property test holds.
/// </summary>
/// <remarks>
/// An entry is one 64-bit word while it is worked on, age above handle, so that a swap moves one word. Lists of
/// positions are bit masks. The loops have fixed lengths where views are full, as mispredicted branches are what an
/// exchange costs most.
/// </remarks>
internal static unsafe partial class VectorHalfViews
{
    /// <summary>Slots of a row, the last of which holds the count.</summary>
    public const int Slots = 32;

    /// <summary>Words of scratch for a view and what it receives, padded to whole vectors.</summary>
    private const int Words = 64;

    /// <summary>Whether this machine has the instructions.</summary>
    public static bool IsSupported => Avx2.IsSupported && Bmi2.X64.IsSupported && Popcnt.X64.IsSupported;

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
    /// <see cref="OldestAge"/>.</returns>
    [SkipLocalsInit]
    public static bool TryExchange(
        byte* active, byte* passive, uint node, uint partner, int capacity, int healing, int swap, SeededRandom random)
    {
        var own = stackalloc ulong[Words];
        var other = stackalloc ulong[Words];
        var request = stackalloc ulong[Slots];
        var answer = stackalloc ulong[Slots];
        var (ownCount, otherCount) = (Load(active, own), Load(passive, other));
        if (!Shuffle(own, ownCount, ref random) || !Shuffle(other, otherCount, ref random))
        {
            return false;
        }

        if (healing > 0 && !(MoveOldestToEnd(own, ownCount, healing) && MoveOldestToEnd(other, otherCount, healing)))
        {
            return false;
        }

        var most = (capacity / 2) - 1;
        var (asked, answered) = (Math.Min(most, ownCount), Math.Min(most, otherCount));
        Write(request, node, own);
        Write(answer, partner, other);
        var otherLeft = Merge(
            other, ref otherCount, request, asked, partner, answered, capacity, healing, swap, ref random);
        var ownLeft = Merge(own, ref ownCount, answer, answered, node, asked, capacity, healing, swap, ref random);
        Store(passive, other, otherLeft);
        Store(active, own, ownLeft);
        return true;
    }

    /// <summary>Handles and ages of a row as words, padding included.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Load(byte* row, ulong* words)
    {
        var ages = (ushort*)(row + (Slots * sizeof(uint)));
        for (var i = 0; i < Slots; i += 4)
        {
            var handles = Avx2.ConvertToVector256Int64((uint*)row + i).AsUInt64();
            var high = Avx2.ConvertToVector256Int64(ages + i).AsUInt64();
            (handles | Vector256.ShiftLeft(high, 32)).Store(words + i);
        }

        return ages[Slots - 1];
    }

    /// <summary>A message: the own descriptor, then the first entries of the view, garbage behind.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write(ulong* message, uint self, ulong* view)
    {
        message[0] = self;
        for (var i = 0; i < 16; i += 4)
        {
            Vector256.Load(view + i).Store(message + 1 + i);
        }
    }

    /// <summary>Writes what is left of a view, one cycle older, in its order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(byte* row, ulong* words, ulong left)
    {
        var handles = (uint*)row;
        var ages = (ushort*)(row + (Slots * sizeof(uint)));
        var count = BitOperations.PopCount(left);
        for (var i = 0; i < count; i++, left &= left - 1)
        {
            var word = words[BitOperations.TrailingZeroCount(left)];
            handles[i] = (uint)word;
            ages[i] = (ushort)Math.Min((uint)(word >> 32) + 1, ushort.MaxValue);
        }

        ages[Slots - 1] = (ushort)count;
    }

    /// <summary>
    /// Takes a message into a view. Returns the positions that stay; the words beyond the view are those received.
    /// </summary>
    private static ulong Merge(
        ulong* view,
        ref int count,
        ulong* message,
        int received,
        uint self,
        int sent,
        int capacity,
        int healing,
        int swap,
        ref SeededRandom random)
    {
        Append(view, ref count, message, received + 1, self);
        var all = Low(count);
        var surplus = count - capacity;
        if (surplus <= 0)
        {
            return all;
        }

        var removed = 0UL;
        var quota = Math.Min(healing, surplus);
        if (quota > 0)
        {
            removed = Oldest(view, count, quota);
            surplus -= quota;
        }

        // What was sent still stands first.
        var swapped = FirstOf(Low(sent) & ~removed, Math.Min(swap, surplus));
        removed |= swapped;
        surplus -= BitOperations.PopCount(swapped);
        if (surplus > 0)
        {
            removed |= RandomOf(all & ~removed, surplus, ref random);
        }

        return all & ~removed;
    }

    /// <summary>Appends what is new; a peer that is there already keeps its place and the smaller age.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Append(ulong* view, ref int count, ulong* message, int received, uint self)
    {
        var low = Handles(message);
        var high = Handles(message + 8);
        var known = Vector256<uint>.Zero;
        var knownHigh = Vector256<uint>.Zero;
        for (var i = 0; i < count; i++)
        {
            var entry = Vector256.Create((uint)view[i]);
            known |= Vector256.Equals(low, entry);
            knownHigh |= Vector256.Equals(high, entry);
        }

        var all = (uint)Low(received);
        var own = Vector256.Create(self);
        var mine = Bits(Vector256.Equals(low, own), Vector256.Equals(high, own)) & all;
        var twice = Bits(known, knownHigh) & all;
        var old = count;
        var fresh = all & ~(mine | twice);
        for (var i = 0; i < received; i++)
        {
            view[count] = message[i];
            count += (int)(fresh >> i) & 1;
        }

        for (; twice != 0; twice &= twice - 1)
        {
            Refresh(view, old, message[BitOperations.TrailingZeroCount(twice)]);
        }
    }

    private static void Refresh(ulong* view, int count, ulong word)
    {
        for (var i = 0; i < count; i++)
        {
            // Of one handle the younger word is the smaller one.
            view[i] = (uint)view[i] == (uint)word ? Math.Min(view[i], word) : view[i];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Handles(ulong* words) =>
        Vector256.Narrow(
            Vector256.Load(words) & Vector256.Create((ulong)uint.MaxValue),
            Vector256.Load(words + 4) & Vector256.Create((ulong)uint.MaxValue));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Bits(Vector256<uint> low, Vector256<uint> high) =>
        low.ExtractMostSignificantBits() | (high.ExtractMostSignificantBits() << 8);

    /// <summary>So many positions from the first on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Low(int count) => (1UL << count) - 1;

    /// <summary>The lowest so many bits of a set, or all of them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong FirstOf(ulong set, int count) => Bmi2.X64.ParallelBitDeposit(Low(count), set);

    /// <summary>A random choice, with the draws and the choice of the plain kernel.</summary>
    [SkipLocalsInit]
    private static ulong RandomOf(ulong set, int count, ref SeededRandom random)
    {
        var remaining = BitOperations.PopCount(set);
        if (count == 1)
        {
            return Bmi2.X64.ParallelBitDeposit(1UL << random.Below(remaining), set);
        }

        var left = stackalloc byte[Words];
        for (var i = 0; i < remaining; i++, set &= set - 1)
        {
            left[i] = (byte)BitOperations.TrailingZeroCount(set);
        }

        var chosen = 0UL;
        for (; count > 0; count--)
        {
            var rank = random.Below(remaining--);
            chosen |= 1UL << left[rank];
            left[rank] = left[remaining];
        }

        return chosen;
    }
}
