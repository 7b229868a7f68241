using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using Hearsay.Protocols.Core;
using Hearsay.Protocols.Node.Peers;
using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.Node.Peers;

/// <summary>
/// All peers that a node knows at the moment, each under a small handle. A handle consists of an index and a
/// generation, so the handle of a peer that was dropped never denotes another one.
/// </summary>
/// <remarks>
/// The table is bounded. A peer stays as long as it is pinned, which the view and running exchanges do. The others are
/// a cache and make room for new ones. Only the event loop uses the table. It allocates nothing once it has grown,
/// except for metadata that it sees for the first time, because metadata is handed out to applications and never
/// changes.
/// </remarks>
[DebuggerDisplay("{Count} of {Capacity} peers")]
internal sealed class PeerTable
{
    /// <summary>The handle of the node itself, which is never in the table.</summary>
    public const uint SelfHandle = uint.MaxValue;

    /// <summary>The handle of no peer.</summary>
    public const uint NoHandle = 0;

    /// <summary>Growth starts here: a view of 30 with what passes through it.</summary>
    private const int InitialCapacity = 64;

    /// <summary>The peers; the first <see cref="_used"/> were used at least once.</summary>
    private PeerInfo[] _infos;

    /// <summary>Parallel to the peers.</summary>
    private PeerMark[] _marks;

    /// <summary>
    /// Open addressing, power of two, linear probing: 16 bits of the id's hash above the index + 1 of a peer, 0 where
    /// free. The hash spares a look at the peer where another is meant, and tells where its probing began.
    /// </summary>
    private uint[] _buckets;

    /// <summary>The binary logarithm of how many buckets there are.</summary>
    private int _bucketBits;

    /// <summary>How many places were ever used.</summary>
    private int _used;

    /// <summary>Where the search for a place to reuse goes on: a clock hand over the places.</summary>
    private int _hand;

    /// <summary>Keeps attackers from choosing ids that collide.</summary>
    private readonly ulong _hashKey;

    /// <summary>Creates an empty table.</summary>
    /// <param name="capacity">The maximum number of peers, from 1 to 65,535.</param>
    /// <param name="hashKey">Any secret number. The same number gives the same behaviour.</param>
    public PeerTable(int capacity, ulong hashKey)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, ushort.MaxValue);
        Capacity = capacity;
        _hashKey = hashKey;
        _infos = new PeerInfo[Math.Min(capacity, InitialCapacity)];
        _marks = new PeerMark[_infos.Length];
        MakeBuckets();
    }

    /// <summary>The maximum number of peers.</summary>
    public int Capacity { get; }

    /// <summary>The number of peers in the table.</summary>
    public int Count => _used;

    /// <summary>What is known of a peer. The reference is valid until the table learns of the next peer.</summary>
    /// <exception cref="ArgumentException">The handle denotes no peer any more.</exception>
    public ref readonly PeerInfo this[uint handle] => ref _infos[IndexOf(handle)];

    /// <summary>Finds a peer by its id.</summary>
    /// <param name="id">The id of the peer.</param>
    /// <param name="handle">The handle of the peer, or <see cref="NoHandle"/>.</param>
    /// <returns>False if the peer is not in the table.</returns>
    public bool TryFind(NodeId id, out uint handle)
    {
        var index = Find(id);
        handle = index < 0 ? NoHandle : HandleOf(index);
        return index >= 0;
    }

    /// <summary>
    /// Takes in a descriptor. A higher incarnation replaces what is known. An equal one only adds missing metadata. A
    /// lower one changes nothing.
    /// </summary>
    /// <param name="descriptor">The descriptor.</param>
    /// <param name="handle">The handle of the peer, or <see cref="NoHandle"/> if there was no room.</param>
    /// <param name="isOwners">
    /// Whether it is proven that the peer itself says so: then it counts whatever its incarnation, since a higher one
    /// is a lie of somebody else.
    /// </param>
    /// <returns>What the table learned.</returns>
    public PeerNews Learn(in Descriptor descriptor, out uint handle, bool isOwners = false)
    {
        var index = Find(descriptor.Id);
        if (index < 0)
        {
            index = TakePlace();
            if (index < 0)
            {
                handle = NoHandle;
                return PeerNews.NoRoom;
            }

            Set(index, Describe(descriptor, previous: null));
            AddToIndex(index);
            handle = HandleOf(index);
            return PeerNews.New;
        }

        handle = HandleOf(index);
        ref var mark = ref _marks[index];
        mark.Referenced = true;
        ref readonly var known = ref _infos[index];
        if (descriptor.Incarnation < known.Incarnation)
        {
            if (isOwners)
            {
                Set(index, Describe(descriptor, known.Metadata));
            }

            return isOwners ? PeerNews.Newer : PeerNews.Stale;
        }

        if (descriptor.Incarnation > known.Incarnation)
        {
            Set(index, Describe(descriptor, known.Metadata));
            return PeerNews.Newer;
        }

        if (mark.MetadataBytes == PeerMark.Unknown && (descriptor.Presence == MetadataPresence.Included
            || (isOwners && descriptor.Presence == MetadataPresence.None)))
        {
            // Also that there are none: room for what is not known is kept in every question to the peer.
            Set(index, known with { Metadata = descriptor.Metadata.ToArray() });
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
        if (index < 0 || _infos[index] is not { Metadata: null } known || known.Incarnation != incarnation)
        {
            return false;
        }

        Set(index, known with { Metadata = metadata });
        return true;
    }

    /// <summary>Keeps a peer in the table. Each call needs one call of <see cref="Unpin"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Pin(uint handle) => _marks[IndexOf(handle)].Pins++;

    /// <summary>Undoes one <see cref="Pin"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Unpin(uint handle)
    {
        ref var mark = ref _marks[IndexOf(handle)];
        Debug.Assert(mark.Pins > 0);
        mark.Pins--;
    }

    /// <summary>How often a peer is pinned; for invariants.</summary>
    internal int PinsOf(uint handle) => _marks[IndexOf(handle)].Pins;

    /// <summary>The length of a peer's descriptor on the wire without metadata.</summary>
    internal int DescriptorBytesOf(uint handle) => _marks[IndexOf(handle)].DescriptorBytes;

    /// <summary>The length of a peer's metadata; 0 if it is not known.</summary>
    internal int MetadataBytesOf(uint handle)
    {
        var bytes = _marks[IndexOf(handle)].MetadataBytes;
        return bytes == PeerMark.Unknown ? 0 : bytes;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Set(int index, in PeerInfo info)
    {
        _infos[index] = info;
        ref var mark = ref _marks[index];
        mark.MetadataBytes = (ushort)(info.Metadata?.Length ?? PeerMark.Unknown);
        mark.DescriptorBytes = (byte)Descriptor.SizeBytes(info.Addresses, 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int IndexOf(uint handle)
    {
        var index = (int)(handle & ushort.MaxValue);
        if (index >= _used || _marks[index].Generation != handle >> 16)
        {
            ThrowStale();
        }

        return index;
    }

    [DoesNotReturn]
    private static void ThrowStale() =>
        throw new ArgumentException("The handle denotes no peer any more.", "handle");

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint HandleOf(int index) => ((uint)_marks[index].Generation << 16) | (uint)index;

    /// <summary>A place for another peer, unpinned and not in the index; -1 if there is none.</summary>
    private int TakePlace()
    {
        var index = _used < _infos.Length ? _used++ : Reuse();
        if (index < 0 && _infos.Length < Capacity)
        {
            Grow();
            index = _used++;
        }

        if (index >= 0)
        {
            ref var mark = ref _marks[index];
            mark.Generation = (ushort)(mark.Generation == ushort.MaxValue - 1 ? 1 : mark.Generation + 1);
            (mark.Pins, mark.Referenced) = (0, true);
        }

        return index;
    }

    /// <summary>Second chance: an unpinned peer that was not met since the hand last passed.</summary>
    private int Reuse()
    {
        for (var step = 0; step < 2 * _used; step++)
        {
            _hand = _hand + 1 >= _used ? 0 : _hand + 1;
            ref var mark = ref _marks[_hand];
            if (mark.Pins > 0)
            {
                continue;
            }

            if (mark.Referenced)
            {
                mark.Referenced = false;
                continue;
            }

            if (mark.MetadataBytes is not (0 or PeerMark.Unknown) && _infos.Length < Capacity)
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
        Array.Resize(ref _infos, Math.Min(Capacity, 2 * _infos.Length));
        Array.Resize(ref _marks, _infos.Length);
        MakeBuckets();
        for (var index = 0; index < _used; index++)
        {
            AddToIndex(index);
        }
    }

    [MemberNotNull(nameof(_buckets))]
    private void MakeBuckets()
    {
        _bucketBits = BitOperations.Log2(BitOperations.RoundUpToPowerOf2((uint)_infos.Length * 2));
        _buckets = new uint[1 << _bucketBits];
    }

    private int Find(NodeId id)
    {
        var hash = HashOf(id);
        var mask = _buckets.Length - 1;
        for (var bucket = HomeOf(hash); ; bucket = (bucket + 1) & mask)
        {
            var word = _buckets[bucket];
            var index = (int)(word & ushort.MaxValue) - 1;
            if (word == 0 || (word >> 16 == hash && _infos[index].Id == id))
            {
                return index;
            }
        }
    }

    private void AddToIndex(int index)
    {
        var hash = HashOf(_infos[index].Id);
        var mask = _buckets.Length - 1;
        var bucket = HomeOf(hash);
        while (_buckets[bucket] != 0)
        {
            bucket = (bucket + 1) & mask;
        }

        _buckets[bucket] = (hash << 16) | (uint)(index + 1);
    }

    /// <summary>Takes a peer out and moves later ones of its run forward, so that no probe ends early.</summary>
    private void RemoveFromIndex(int index)
    {
        var mask = _buckets.Length - 1;
        var hash = HashOf(_infos[index].Id);
        var word = (hash << 16) | (uint)(index + 1);
        var hole = HomeOf(hash);
        while (_buckets[hole] != word)
        {
            hole = (hole + 1) & mask;
        }

        for (var next = (hole + 1) & mask; _buckets[next] != 0; next = (next + 1) & mask)
        {
            var home = HomeOf(_buckets[next] >> 16);
            if (((next - home) & mask) >= ((next - hole) & mask))
            {
                _buckets[hole] = _buckets[next];
                hole = next;
            }
        }

        _buckets[hole] = 0;
    }

    /// <summary>The bytes of its arrays, those of the peers' metadata not included.</summary>
    internal long StateBytes =>
        ArrayMemory.SizeBytes(_infos) + ArrayMemory.SizeBytes(_marks) + ArrayMemory.SizeBytes(_buckets);

    /// <summary>Brings the table into the processor's cache; of one that has grown, few places are touched.</summary>
    internal void Prefetch()
    {
        if (_infos.Length <= InitialCapacity)
        {
            ArrayMemory.Prefetch(_marks);
            ArrayMemory.Prefetch(_buckets);
            ArrayMemory.Prefetch(_infos);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint HashOf(NodeId id) => (uint)(SeededRandom.Mix(id.Low ^ SeededRandom.Mix(id.High ^ _hashKey)) >> 48);

    /// <summary>The bucket at which the search for a hash begins: its highest bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int HomeOf(uint hash) => (int)(((ulong)hash << _bucketBits) >> 16);
}
