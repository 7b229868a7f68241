using System.Diagnostics;
using System.Numerics;

namespace Hearsay.Protocols;

/// <summary>
/// Everyone a node knows at the moment, each under a small handle: index plus generation, so a handle whose peer was
/// dropped never means another one.
/// </summary>
/// <remarks>
/// Bounded. A peer stays as long as it is pinned (the view and running exchanges pin); the others are a cache and make
/// room for new ones. Used by the event loop only; allocates nothing once it has grown, but for metadata bytes seen for
/// the first time, because those are handed out to applications and never change.
/// </remarks>
[DebuggerDisplay("{Count} of {Capacity} peers")]
public sealed class PeerTable
{
    /// <summary>Stands for the node itself; never in the table.</summary>
    public const uint SelfHandle = uint.MaxValue;

    /// <summary>Stands for no peer; never in the table.</summary>
    public const uint NoHandle = 0;

    /// <summary>Growth starts here: a view of 30 with what passes through it.</summary>
    private const int InitialCapacity = 64;

    /// <summary>The peers; the first <see cref="_used"/> were used at least once.</summary>
    private PeerEntry[] _entries;

    /// <summary>Open addressing, power of two, linear probing: index + 1 of an entry, 0 where free.</summary>
    private int[] _buckets;

    /// <summary>How many entries were ever used.</summary>
    private int _used;

    /// <summary>Where the search for an entry to reuse goes on: a clock hand over the entries.</summary>
    private int _hand;

    /// <summary>Keeps attackers from choosing ids that collide.</summary>
    private readonly ulong _hashKey;

    /// <summary>An empty table.</summary>
    /// <param name="capacity">The most peers at a time, 1 to 65,535.</param>
    /// <param name="hashKey">Any secret number; the same number gives the same behaviour.</param>
    public PeerTable(int capacity, ulong hashKey)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, ushort.MaxValue);
        Capacity = capacity;
        _hashKey = hashKey;
        _entries = new PeerEntry[Math.Min(capacity, InitialCapacity)];
        _buckets = new int[BucketsFor(_entries.Length)];
    }

    /// <summary>The most peers at a time.</summary>
    public int Capacity { get; }

    /// <summary>How many peers are known.</summary>
    public int Count => _used;

    /// <summary>What is known of a peer; valid until the next peer is learnt.</summary>
    /// <exception cref="ArgumentException">The handle means nobody any more.</exception>
    public ref readonly PeerInfo this[uint handle] => ref Entry(handle).Info;

    /// <summary>Finds a peer by its id.</summary>
    public bool TryFind(NodeId id, out uint handle)
    {
        var index = Find(id);
        handle = index < 0 ? NoHandle : HandleOf(index);
        return index >= 0;
    }

    /// <summary>
    /// Takes in what a descriptor says. A higher incarnation replaces what was known, an equal one only completes it
    /// (missing metadata), a lower one changes nothing.
    /// </summary>
    /// <param name="descriptor">What was said.</param>
    /// <param name="handle">The peer's handle; <see cref="NoHandle"/> if there was no room.</param>
    public PeerNews Learn(in Descriptor descriptor, out uint handle)
    {
        var index = Find(descriptor.Id);
        if (index < 0)
        {
            index = Insert(descriptor.Id);
            handle = index < 0 ? NoHandle : HandleOf(index);
            if (index < 0)
            {
                return PeerNews.NoRoom;
            }

            _entries[index].Info = Describe(descriptor, previous: null);
            return PeerNews.New;
        }

        handle = HandleOf(index);
        ref var entry = ref _entries[index];
        entry.Referenced = true;
        var known = entry.Info;
#if HEARSAY_DEFECTS
        if (Defects.Has(Defect.StaleIncarnationAccepted) && descriptor.Incarnation < known.Incarnation)
        {
            entry.Info = Describe(descriptor, known.Metadata);
            return PeerNews.Newer;
        }

#endif
        if (descriptor.Incarnation < known.Incarnation)
        {
            return PeerNews.Stale;
        }

        if (descriptor.Incarnation > known.Incarnation)
        {
            entry.Info = Describe(descriptor, known.Metadata);
            return PeerNews.Newer;
        }

        if (known.Metadata is null && descriptor.Presence == MetadataPresence.Included)
        {
            entry.Info = known with { Metadata = descriptor.Metadata.ToArray() };
            return PeerNews.Completed;
        }

        return PeerNews.Same;
    }

    /// <summary>
    /// Fills in metadata that was fetched from its owner, if it belongs to the incarnation that is known.
    /// </summary>
    /// <returns>Whether it was missing.</returns>
    internal bool Complete(NodeId id, ulong incarnation, byte[] metadata)
    {
        var index = Find(id);
        if (index < 0 || _entries[index].Info is not { Metadata: null } known || known.Incarnation != incarnation)
        {
            return false;
        }

        _entries[index].Info = known with { Metadata = metadata };
        return true;
    }

    /// <summary>Keeps a peer in the table until it is unpinned as often.</summary>
    public void Pin(uint handle) => Entry(handle).Pins++;

    /// <summary>Takes back one <see cref="Pin"/>.</summary>
    public void Unpin(uint handle)
    {
        ref var entry = ref Entry(handle);
        Debug.Assert(entry.Pins > 0);
        entry.Pins--;
    }

    /// <summary>How often a peer is pinned; for invariants.</summary>
    internal int PinsOf(uint handle) => Entry(handle).Pins;

    private static PeerInfo Describe(in Descriptor descriptor, byte[]? previous)
    {
        var metadata = descriptor.Presence switch
        {
            MetadataPresence.None => [],
            MetadataPresence.Omitted => null,
            _ when previous is not null && descriptor.Metadata.SequenceEqual(previous) => previous,
            _ => descriptor.Metadata.ToArray(),
        };
        return new PeerInfo(descriptor.Id, descriptor.Addresses, descriptor.Incarnation, metadata);
    }

    private ref PeerEntry Entry(uint handle)
    {
        var index = (int)(handle & ushort.MaxValue);
        if (index >= _used || _entries[index].Generation != handle >> 16)
        {
            throw new ArgumentException("The handle means nobody any more.", nameof(handle));
        }

        return ref _entries[index];
    }

    private uint HandleOf(int index) => ((uint)_entries[index].Generation << 16) | (uint)index;

    private int Insert(NodeId id)
    {
        var index = _used < _entries.Length ? _used++ : Reuse();
        if (index < 0 && _entries.Length < Capacity)
        {
            Grow();
            index = _used++;
        }

        if (index < 0)
        {
            return -1;
        }

        ref var entry = ref _entries[index];
        entry.Generation = (ushort)(entry.Generation == ushort.MaxValue - 1 ? 1 : entry.Generation + 1);
        (entry.Pins, entry.Referenced) = (0, true);
        entry.Info = new PeerInfo(id, default, 0, null);
        AddToIndex(index);
        return index;
    }

    /// <summary>Second chance: an unpinned entry that was not met since the hand last passed.</summary>
    private int Reuse()
    {
        for (var step = 0; step < 2 * _used; step++)
        {
            _hand = _hand + 1 >= _used ? 0 : _hand + 1;
            ref var entry = ref _entries[_hand];
            if (entry.Pins > 0)
            {
                continue;
            }

            if (entry.Referenced)
            {
                entry.Referenced = false;
                continue;
            }

            if (entry.Info.Metadata is { Length: > 0 } && _entries.Length < Capacity)
            {
                // Metadata costs an allocation when it is met again: rather grow than forget it.
                return -1;
            }

            RemoveFromIndex(_hand);
            return _hand;
        }

        return -1;
    }

    private void Grow()
    {
        Array.Resize(ref _entries, Math.Min(Capacity, 2 * _entries.Length));
        _buckets = new int[BucketsFor(_entries.Length)];
        for (var index = 0; index < _used; index++)
        {
            AddToIndex(index);
        }
    }

    private int Find(NodeId id)
    {
        var mask = _buckets.Length - 1;
        for (var bucket = BucketOf(id); ; bucket = (bucket + 1) & mask)
        {
            var index = _buckets[bucket] - 1;
            if (index < 0 || _entries[index].Info.Id == id)
            {
                return index;
            }
        }
    }

    private void AddToIndex(int index)
    {
        var mask = _buckets.Length - 1;
        var bucket = BucketOf(_entries[index].Info.Id);
        while (_buckets[bucket] != 0)
        {
            bucket = (bucket + 1) & mask;
        }

        _buckets[bucket] = index + 1;
    }

    /// <summary>Takes an entry out and moves later ones of its run forward, so that no probe ends early.</summary>
    private void RemoveFromIndex(int index)
    {
        var mask = _buckets.Length - 1;
        var hole = BucketOf(_entries[index].Info.Id);
        while (_buckets[hole] != index + 1)
        {
            hole = (hole + 1) & mask;
        }

        for (var next = (hole + 1) & mask; _buckets[next] != 0; next = (next + 1) & mask)
        {
            var home = BucketOf(_entries[_buckets[next] - 1].Info.Id);
            if (((next - home) & mask) >= ((next - hole) & mask))
            {
                _buckets[hole] = _buckets[next];
                hole = next;
            }
        }

        _buckets[hole] = 0;
    }

    private int BucketOf(NodeId id) =>
        (int)SeededRandom.Mix(id.Low ^ SeededRandom.Mix(id.High ^ _hashKey)) & (_buckets.Length - 1);

    private static int BucketsFor(int entries) => (int)BitOperations.RoundUpToPowerOf2((uint)entries * 2);
}
