using System.Runtime.CompilerServices;

namespace Hearsay.Protocols;

/// <summary>
/// A counter-based random generator. The n-th number is a fixed mix of a key and n. So a stream depends on its key
/// alone, and no draw depends on draws from other streams. Keys are made from (seed, node, cycle, purpose).
/// </summary>
/// <remarks>
/// The mix is the finaliser of SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators",
/// OOPSLA 2014), which passes BigCrush over a counter. It is not for secrets. A mutable value: pass it by reference.
/// Not thread safe. The sequence is part of Hearsay's contract (same seed, same result), unlike that of System.Random.
/// </remarks>
public struct SeededRandom : IEquatable<SeededRandom>
{
    internal const ulong Golden = 0x9E3779B97F4A7C15;

    /// <summary>Key plus the draws so far times the golden ratio.</summary>
    private ulong _state;

    /// <summary>Creates the stream of a key.</summary>
    /// <param name="key">Any number. Similar keys give unrelated streams.</param>
    public SeededRandom(ulong key) => _state = Mix(key + Golden);

    /// <summary>Creates the stream for one node, cycle and purpose under a seed.</summary>
    /// <param name="seed">The seed of the whole run.</param>
    /// <param name="node">The index of the node, or any number that stands for it.</param>
    /// <param name="cycle">The cycle, or 0 if the stream serves the whole run.</param>
    /// <param name="purpose">A small constant that keeps streams for different uses apart.</param>
    public static SeededRandom For(ulong seed, ulong node, ulong cycle, ulong purpose)
    {
        var key = Mix(seed + Golden);
        key = Mix(key ^ (node + Golden));
        key = Mix(key ^ (cycle + Golden));
        return new SeededRandom { _state = Mix(key ^ (purpose + Golden)) };
    }

    /// <summary>
    /// Where the stream stands: the n-th number from here is the mix of this plus n times the golden ratio. For forms
    /// that take many numbers at once.
    /// </summary>
    internal ulong Position
    {
        readonly get => _state;
        set => _state = value;
    }

    /// <summary>Returns the next 64 random bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong NextUInt64() => Mix(_state += Golden);

    /// <summary>Returns a uniform number from 0 to <paramref name="exclusiveBound"/> - 1, without bias.</summary>
    /// <param name="exclusiveBound">The bound, at least 1.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Below(int exclusiveBound)
    {
        // Lemire, "Fast random integer generation in an interval", 2019: one multiplication, a division almost never.
        var bound = (uint)exclusiveBound;
        var product = (ulong)(uint)(NextUInt64() >> 32) * bound;
        if ((uint)product < bound)
        {
            product = RejectBiased(product, bound);
        }

        return (int)(product >> 32);
    }

    /// <summary>Returns a uniform number in [0, 1) with 53 random bits.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Returns a uniform time in [<paramref name="shortest"/>, <paramref name="longest"/>).</summary>
    public TimeSpan Between(TimeSpan shortest, TimeSpan longest) =>
        shortest + TimeSpan.FromTicks((long)((longest - shortest).Ticks * NextDouble()));

    /// <summary>Puts the items in a uniform random order (Fisher and Yates), in place.</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = Below(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    private ulong RejectBiased(ulong product, uint bound)
    {
        var threshold = unchecked(0u - bound) % bound;
        while ((uint)product < threshold)
        {
            product = (ulong)(uint)(NextUInt64() >> 32) * bound;
        }

        return product;
    }

    /// <summary>Maps a number one to one to another, so that every input bit affects all output bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }

    /// <inheritdoc/>
    public readonly bool Equals(SeededRandom other) => _state == other._state;

    /// <inheritdoc/>
    public override readonly bool Equals(object? obj) => obj is SeededRandom other && Equals(other);

    /// <inheritdoc/>
    public override readonly int GetHashCode() => (int)_state;

    /// <summary>Returns whether both will produce the same numbers from here on.</summary>
    public static bool operator ==(SeededRandom left, SeededRandom right) => left.Equals(right);

    /// <summary>Returns whether both will produce different numbers.</summary>
    public static bool operator !=(SeededRandom left, SeededRandom right) => !left.Equals(right);
}
