using System.Numerics;

namespace Hearsay.Simulation.Bulk;

/// <summary>
/// The nodes that are spoken for in a batch: a small hash table that stays in the cache, where a mark per node would be
/// read from memory.
/// </summary>
internal sealed class ClaimSet
{
    private readonly uint[] _slots;
    private readonly int _shift;

    /// <param name="most">The most nodes there will be.</param>
    public ClaimSet(int most)
    {
        var size = BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, 4 * most));
        _slots = new uint[size];
        _shift = 32 - BitOperations.Log2(size);
    }

    public void Clear() => Array.Clear(_slots);

    /// <summary>Claims both nodes, or neither if either is claimed already.</summary>
    public bool TryClaim(int node, int partner)
    {
        var first = SlotOf(node);
        if (_slots[first] != 0)
        {
            return false;
        }

        if (partner >= 0)
        {
            var second = SlotOf(partner);
            if (_slots[second] != 0)
            {
                return false;
            }

            _slots[second] = (uint)partner + 1;
            first = first == second ? SlotOf(node) : first;
        }

        _slots[first] = (uint)node + 1;
        return true;
    }

    /// <summary>Where a node stands, or the free slot where it would.</summary>
    private uint SlotOf(int node)
    {
        var slot = ((uint)node * 0x9E3779B1) >> _shift;
        while (_slots[slot] != 0 && _slots[slot] != (uint)node + 1)
        {
            slot = (slot + 1) & (uint)(_slots.Length - 1);
        }

        return slot;
    }
}
