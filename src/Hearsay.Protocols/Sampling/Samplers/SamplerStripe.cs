using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Hearsay.Protocols.Sampling.Samplers;

/// <summary>
/// One of the counters of a sampler, on cache lines of its own: the position in a stream of random numbers, which also
/// counts the draws, and what was drawn.
/// </summary>
internal sealed class SamplerStripe
{
    private const ulong Golden = 0x9E3779B97F4A7C15;

    /// <summary>The key of this stripe's stream: the n-th number is the mix of the key and n.</summary>
    private readonly ulong _key;

    /// <summary>The numbers that change.</summary>
    private Counters _counters;

    /// <summary>A stripe with a stream of its own.</summary>
    internal SamplerStripe(ulong seed, int index) =>
        _key = SeededRandom.Mix(SeededRandom.Mix(seed + Golden) ^ (ulong)index);

    /// <summary>What was drawn through this stripe.</summary>
    internal SamplerTotals Totals => new(
        Volatile.Read(ref _counters.Taken) - Volatile.Read(ref _counters.Wasted),
        Volatile.Read(ref _counters.Fallbacks),
        Volatile.Read(ref _counters.Ages));

    /// <summary>Takes a random number for a draw, unless another thread takes one at the same moment.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryTake(out ulong random)
    {
        var position = Volatile.Read(ref _counters.Taken);
        random = At(position);
        return Interlocked.CompareExchange(ref _counters.Taken, position + 1, position) == position;
    }

    /// <summary>Takes a random number for a draw.</summary>
    internal ulong Take() => At(Interlocked.Increment(ref _counters.Taken) - 1);

    /// <summary>Counts the draw of one peer.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Count(int age, bool fallback)
    {
        Interlocked.Add(ref _counters.Ages, age);
        if (fallback)
        {
            Interlocked.Increment(ref _counters.Fallbacks);
        }
    }

    /// <summary>Counts a draw of several peers, or of none, for which one random number was taken.</summary>
    internal void CountMany(int draws, int fallbacks, long ages)
    {
        Interlocked.Add(ref _counters.Wasted, 1 - draws);
        Interlocked.Add(ref _counters.Fallbacks, fallbacks);
        Interlocked.Add(ref _counters.Ages, ages);
    }

    private ulong At(long position) => SeededRandom.Mix(_key + ((ulong)position * Golden));

    /// <summary>The counters, with a cache line of nothing on either side.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 160)]
    private struct Counters
    {
        /// <summary>Random numbers taken.</summary>
        [FieldOffset(64)]
        public long Taken;

        /// <summary>Numbers taken that no draw stands for; negative where one stands for several.</summary>
        [FieldOffset(72)]
        public long Wasted;

        /// <summary>Fallbacks.</summary>
        [FieldOffset(80)]
        public long Fallbacks;

        /// <summary>The sum of the ages drawn.</summary>
        [FieldOffset(88)]
        public long Ages;
    }
}
