using System.Numerics;
using Hearsay.Protocols;

namespace Hearsay.Learning.Exchange;

/// <summary>The peers that large models go to and come from: 32 slots, the least recently used goes first.</summary>
internal sealed class ModelPeers
{
    private const int Capacity = 32;

    private readonly Peer[] _peers = new Peer[Capacity];
    private readonly Instant[] _usedAt = new Instant[Capacity];

    /// <summary>The slots with a peer.</summary>
    public uint Used { get; private set; }

    public ref readonly Peer this[int slot] => ref _peers[slot];

    /// <summary>The slot of a peer, or -1.</summary>
    public int Find(NodeId id)
    {
        for (var rest = Used; rest != 0; rest &= rest - 1)
        {
            var slot = BitOperations.TrailingZeroCount(rest);
            if (_peers[slot].Id == id)
            {
                return slot;
            }
        }

        return -1;
    }

    /// <summary>Gives a peer a slot.</summary>
    /// <param name="peer">The peer.</param>
    /// <param name="now">The moment.</param>
    /// <param name="pinned">The slots that must stay.</param>
    /// <param name="slot">Its slot.</param>
    /// <param name="isNew">Whether the slot had another peer, or none.</param>
    /// <returns>False if all slots must stay.</returns>
    public bool TryTake(in Peer peer, Instant now, uint pinned, out int slot, out bool isNew)
    {
        slot = Find(peer.Id);
        isNew = slot < 0;
        for (var i = 0; isNew && i < Capacity; i++)
        {
            var bit = 1u << i;
            if ((Used & bit) == 0)
            {
                slot = i;
                break;
            }

            if ((pinned & bit) == 0 && (slot < 0 || _usedAt[i] < _usedAt[slot]))
            {
                slot = i;
            }
        }

        if (slot < 0)
        {
            return false;
        }

        (_peers[slot], _usedAt[slot]) = (peer, now);
        Used |= 1u << slot;
        return true;
    }
}
