using System.Numerics;
using Hearsay.Protocols.Core;

namespace Hearsay.Protocols.Node.Peers;

/// <summary>The routes of the peers this node had to do with lately.</summary>
/// <remarks>
/// Bounded: of the four peers that share a set the one not written for longest is forgotten and counted. Allocates
/// once, for the first peer.
/// </remarks>
internal sealed class PeerRouteTable
{
    /// <summary>Peers that share a set.</summary>
    private const int Ways = 4;

    private readonly int _capacity;
    private readonly ulong _hashKey;
    private PeerRoute[] _routes = [];
    private uint _writes;

    /// <summary>An empty table.</summary>
    /// <param name="capacity">How many peers it holds; rounded up to a power of two.</param>
    /// <param name="hashKey">Keeps attackers from choosing ids that share a set.</param>
    public PeerRouteTable(int capacity, ulong hashKey)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        _capacity = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(capacity, Ways));
        _hashKey = hashKey;
    }

    /// <summary>Whether nobody was ever put in.</summary>
    public bool IsEmpty => _routes.Length == 0;

    /// <summary>Peers that were forgotten to make room.</summary>
    public long Forgotten { get; private set; }

    /// <summary>The bytes of its array.</summary>
    public long StateBytes => ArrayMemory.SizeBytes(_routes);

    /// <summary>The route at a place.</summary>
    public ref PeerRoute this[int place] => ref _routes[place];

    /// <summary>The place of a peer; -1 if it has none.</summary>
    public int Find(NodeId id)
    {
        if (IsEmpty)
        {
            return -1;
        }

        for (int place = FirstOf(id), end = place + Ways; place < end; place++)
        {
            if (_routes[place].Id == id)
            {
                return place;
            }
        }

        return -1;
    }

    /// <summary>The place of a peer, for writing; a new one if it had none or was reached elsewhere.</summary>
    public int FindOrAdd(NodeId id, in NodeAddresses addresses)
    {
        if (IsEmpty)
        {
            _routes = new PeerRoute[_capacity];
        }

        var place = Find(id);
        place = place < 0 ? Oldest(id) : place;
        ref var route = ref _routes[place];
        if (route.Id != id || route.Addresses != addresses)
        {
            Forgotten += route.Id.IsNone || route.Id == id ? 0 : 1;
            route = new PeerRoute { Id = id, Addresses = addresses };
        }

        route.WrittenAt = ++_writes;
        return place;
    }

    private int Oldest(NodeId id)
    {
        var oldest = FirstOf(id);
        for (int place = oldest, end = place + Ways; place < end; place++)
        {
            oldest = _routes[place].WrittenAt < _routes[oldest].WrittenAt ? place : oldest;
        }

        return oldest;
    }

    private int FirstOf(NodeId id) =>
        (int)(SeededRandom.Mix(id.Low ^ SeededRandom.Mix(id.High ^ _hashKey)) & (ulong)(_capacity - Ways));
}
