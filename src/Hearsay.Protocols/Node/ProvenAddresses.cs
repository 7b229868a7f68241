using System.Numerics;

namespace Hearsay.Protocols;

/// <summary>
/// Addresses at which somebody lives who wants to talk to this node: a number that was sent there, and nowhere else,
/// came back. An address that was not heard of for ten minutes must prove itself again.
/// </summary>
/// <remarks>
/// Buckets of eight, found by a keyed hash that nobody outside can aim at; what is kept of an address is that hash.
/// Grows with use up to its capacity; then the address of a bucket that was heard of longest ago gives way,
/// and proves itself again when it is needed.
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

        var bucket = BucketOf(key);
        var place = _keys.AsSpan(bucket, BucketSize).IndexOf(key);
        return place >= 0 && IsAlive(_heardAtSeconds[bucket + place], now) ? bucket + place : -1;
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

        var bucket = BucketOf(key);
        var keys = _keys.AsSpan(bucket, BucketSize);
        var place = keys.IndexOf(key);
        place = place >= 0 ? place : keys.IndexOf(0UL);
        if (place < 0 && _keys.Length < _capacity)
        {
            return false;
        }

        if (place < 0)
        {
            place = Oldest(_heardAtSeconds.AsSpan(bucket, BucketSize));
            Displaced++;
        }

        ref var latest = ref _heardAtSeconds[bucket + place];
        (keys[place], latest) = (key, keys[place] == key ? Math.Max(latest, heardAt) : heardAt);
        return true;
    }

    private static int Oldest(ReadOnlySpan<uint> heardAt)
    {
        var oldest = 0;
        for (var i = 1; i < heardAt.Length; i++)
        {
            oldest = heardAt[i] < heardAt[oldest] ? i : oldest;
        }

        return oldest;
    }

    private int BucketOf(ulong key) => (int)(key >> 32) & (_keys.Length - BucketSize);

    /// <summary>Twice the buckets: each gives what it has to two.</summary>
    private void Grow()
    {
        var (keys, heardAt) = (_keys, _heardAtSeconds);
        var length = Math.Max(BucketSize, 2 * keys.Length);
        (_keys, _heardAtSeconds) = (new ulong[length], new uint[length]);
        for (var i = 0; i < keys.Length; i++)
        {
            if (keys[i] != 0)
            {
                TryAdd(keys[i], heardAt[i]);
            }
        }
    }
}
