using System.Numerics;
using Hearsay.Protocols.Core;

namespace Hearsay.Protocols.Neighbours;

/// <summary>The slots of a node's neighbours.</summary>
internal sealed class ActiveView
{
    private readonly NeighbourLink[] _links;

    public ActiveView(int capacity)
    {
        _links = new NeighbourLink[capacity];
        for (var slot = 0; slot < capacity; slot++)
        {
            _links[slot] = new NeighbourLink();
        }
    }

    /// <summary>How many slots there are.</summary>
    public int Capacity => _links.Length;

    /// <summary>The slots in use.</summary>
    public uint Up { get; private set; }

    /// <summary>How many are in use.</summary>
    public int Count => BitOperations.PopCount(Up);

    /// <summary>A slot.</summary>
    public NeighbourLink this[int slot] => _links[slot];

    /// <summary>Whether a slot is in use.</summary>
    public bool IsUp(int slot) => (uint)slot < (uint)_links.Length && (Up & (1u << slot)) != 0;

    /// <summary>The slot of a peer, or -1.</summary>
    public int Find(NodeId id)
    {
        for (var slots = Up; slots != 0; slots &= slots - 1)
        {
            var slot = BitOperations.TrailingZeroCount(slots);
            if (_links[slot].Peer.Id == id)
            {
                return slot;
            }
        }

        return -1;
    }

    /// <summary>Takes the first free slot; there must be one.</summary>
    public int Add(in Peer peer, ulong number, RoundTripEstimator roundTrip, Instant now)
    {
        var slot = BitOperations.TrailingZeroCount(~Up);
        _links[slot].Open(peer, number, roundTrip, now);
        Up |= 1u << slot;
        return slot;
    }

    /// <summary>Frees a slot.</summary>
    public void Remove(int slot)
    {
        _links[slot].Close();
        Up &= ~(1u << slot);
    }

    /// <summary>A random slot in use of neither of two peers, or -1.</summary>
    public int Draw(ref SeededRandom random, NodeId except, NodeId exceptToo) =>
        DrawOf(Up, ref random, except, exceptToo);

    /// <summary>A random slot in use of those whose links came up after a moment, or -1.</summary>
    public int DrawYoung(ref SeededRandom random, Instant after)
    {
        var young = 0u;
        for (var slots = Up; slots != 0; slots &= slots - 1)
        {
            var slot = BitOperations.TrailingZeroCount(slots);
            young |= _links[slot].UpAt > after ? 1u << slot : 0;
        }

        return DrawOf(young, ref random, NodeId.None, NodeId.None);
    }

    private int DrawOf(uint slots, ref SeededRandom random, NodeId except, NodeId exceptToo)
    {
        var (chosen, seen) = (-1, 0);
        for (; slots != 0; slots &= slots - 1)
        {
            var slot = BitOperations.TrailingZeroCount(slots);
            var id = _links[slot].Peer.Id;
            if (id != except && id != exceptToo && random.Below(++seen) == 0)
            {
                chosen = slot;
            }
        }

        return chosen;
    }
}
