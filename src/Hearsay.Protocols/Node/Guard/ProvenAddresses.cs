using System.Numerics;
using Hearsay.Protocols.Core;

namespace Hearsay.Protocols.Node.Guard;

/// <summary>
/// Addresses at which somebody lives who wants to talk to this node: a number that was sent there, and nowhere else,
/// came back. An address that was not heard of for ten minutes must prove itself again.
/// </summary>
/// <remarks>
/// Buckets of eight, found by a keyed hash that nobody outside can aim at; what is kept of an address is that hash. An
/// address may be in either of two buckets and goes to the emptier, so that the table is nearly full before it grows:
/// it grows early, while a node meets its peers, and not at the chance of one bucket that is full. It grows up to
/// <see cref="Capacity"/>; then of the addresses in both buckets the one that was heard of longest ago gives way, and
/// proves itself again when it is needed. (Source: Azar, Broder, Karlin, Upfal, "Balanced allocations", STOC 1994.)
/// </remarks>
internal sealed class ProvenAddresses(ulong secret, int vouched)
{
    /// <summary>The most addresses kept, unless the node vouches for more than a quarter of it.</summary>
    public const int Capacity = 512;

    private const int BucketSize = 8;

    /// <summary>How long an address counts without being heard of.</summary>
    private const uint LifetimeSeconds = 600;

    /// <summary>Stands for a moment that never passes.</summary>
    private const uint Forever = uint.MaxValue;

    private readonly int _capacity = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(Capacity, 4 * vouched));
    private ulong[] _keys = [];
    private uint[] _heardAtSeconds = [];

    /// <summary>How many gave way to others.</summary>
    public long Displaced { get; private set; }

    /// <summary>The bytes of its arrays.</summary>
    public long StateBytes => ArrayMemory.SizeBytes(_keys) + ArrayMemory.SizeBytes(_heardAtSeconds);

    /// <summary>Whether an address is proven.</summary>
    public bool Contains(in NodeAddress address, Instant now) => Find(KeyOf(address), SecondsOf(now)) >= 0;

    /// <summary>Something came from an address.</summary>
    /// <returns>Whether it is proven; if so, it stays so for another while.</returns>
    public bool Heard(in NodeAddress address, Instant now)
    {
        var seconds = SecondsOf(now);
        var index = Find(KeyOf(address), seconds);
        if (index >= 0 && _heardAtSeconds[index] != Forever)
        {
            _heardAtSeconds[index] = seconds;
        }

        return index >= 0;
    }

    /// <summary>An address proved itself.</summary>
    public void Add(in NodeAddress address, Instant now) => Add(KeyOf(address), SecondsOf(now));

    /// <summary>An address counts as proven for ever: whoever set the node up vouches for it.</summary>
    public void Vouch(in NodeAddress address) => Add(KeyOf(address), Forever);

    private static uint SecondsOf(Instant now) => (uint)Math.Max(0, now.Ticks / TimeSpan.TicksPerSecond);

    private ulong KeyOf(in NodeAddress address)
    {
        var hash = SeededRandom.Mix(secret ^ address.HighBits);
        hash = SeededRandom.Mix(hash ^ address.LowBits);
        hash = SeededRandom.Mix(hash ^ address.Port ^ secret);
        return hash | 1;
    }

    private int Find(ulong key, uint now)
    {
        if (_keys.Length == 0)
        {
            return -1;
        }

        var place = PlaceOf(key);
        return place >= 0 && IsAlive(_heardAtSeconds[place], now) ? place : -1;
    }

    /// <summary>Where an address is, alive or not; -1 if it is not in the table.</summary>
    private int PlaceOf(ulong key)
    {
        var (first, second) = BucketsOf(key);
        var place = ShortSpan.IndexOf(_keys.AsSpan(first, BucketSize), key);
        if (place >= 0)
        {
            return first + place;
        }

        place = ShortSpan.IndexOf(_keys.AsSpan(second, BucketSize), key);
        return place >= 0 ? second + place : -1;
    }

    private static bool IsAlive(uint heardAt, uint now) => heardAt >= now || now - heardAt <= LifetimeSeconds;

    private void Add(ulong key, uint heardAt)
    {
        while (!TryAdd(key, heardAt))
        {
            Grow();
        }
    }

    private bool TryAdd(ulong key, uint heardAt)
    {
        if (_keys.Length == 0)
        {
            return false;
        }

        var place = PlaceOf(key);
        if (place >= 0)
        {
            _heardAtSeconds[place] = Math.Max(_heardAtSeconds[place], heardAt);
            return true;
        }

        var (first, second) = BucketsOf(key);
        place = FreeIn(first, second);
        if (place < 0 && _keys.Length < _capacity)
        {
            return false;
        }

        if (place < 0)
        {
            var (old, other) = (OldestIn(first), OldestIn(second));
            place = _heardAtSeconds[other] < _heardAtSeconds[old] ? other : old;
            Displaced++;
        }

        (_keys[place], _heardAtSeconds[place]) = (key, heardAt);
        return true;
    }

    /// <summary>The two buckets of an address; of a table with one bucket that, twice.</summary>
    private (int First, int Second) BucketsOf(ulong key)
    {
        var mask = _keys.Length - BucketSize;
        var (first, second) = ((int)(key >> 32), (int)key | BucketSize);
        return (first & mask, (first ^ second) & mask);
    }

    /// <summary>A place that is not taken in the emptier of two buckets; -1 if both are full.</summary>
    private int FreeIn(int first, int second)
    {
        // A bucket fills from its beginning, and nothing is ever taken out.
        var inFirst = _keys.AsSpan(first, BucketSize).IndexOf(0UL);
        var inSecond = _keys.AsSpan(second, BucketSize).IndexOf(0UL);
        var isFirst = inFirst >= 0 && (inSecond < 0 || inFirst <= inSecond);
        return isFirst ? first + inFirst : inSecond >= 0 ? second + inSecond : -1;
    }

    private int OldestIn(int bucket)
    {
        var oldest = bucket;
        for (var i = bucket + 1; i < bucket + BucketSize; i++)
        {
            oldest = _heardAtSeconds[i] < _heardAtSeconds[oldest] ? i : oldest;
        }

        return oldest;
    }

    /// <summary>Twice the buckets. Should this not be enough for all there were, it grows again.</summary>
    private void Grow()
    {
        var (keys, heardAt) = (_keys, _heardAtSeconds);
        var length = Math.Max(BucketSize, 2 * keys.Length);
        (_keys, _heardAtSeconds) = (new ulong[length], new uint[length]);
        for (var i = 0; i < keys.Length; i++)
        {
            if (keys[i] != 0)
            {
                Add(keys[i], heardAt[i]);
            }
        }
    }
}
