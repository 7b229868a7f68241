using System.Diagnostics.CodeAnalysis;
using Hearsay.Protocols;
using Hearsay.Protocols.Broadcast.Repair;

namespace Hearsay.Loop;

/// <summary>
/// Loops by the moment at which they want to run: one entry for each loop that is armed, so it is as large as there are
/// nodes. Its owner guards it.
/// </summary>
internal sealed class DueQueue
{
    private readonly DueHeap _heap = new();
    private readonly Stack<int> _freeSlots = new();

    /// <summary>Loops by slot; null where a slot is free.</summary>
    private NodeLoop?[] _loops = new NodeLoop?[8];

    /// <summary>The earliest moment; <see cref="Instant.Never"/> if no loop is armed.</summary>
    public Instant Next => _heap.NextDue;

    /// <summary>Adds a loop, or moves it.</summary>
    public void Set(NodeLoop loop, Instant at)
    {
        loop.QueueSlot ??= TakeSlot(loop);
        _heap.Set(loop.QueueSlot.Value, at);
    }

    /// <summary>Takes out the loop that is due first.</summary>
    /// <returns>False if none is due.</returns>
    public bool TryTake(Instant now, [NotNullWhen(true)] out NodeLoop? loop)
    {
        loop = Next != Instant.Never && Next <= now ? _loops[_heap.First] : null;
        if (loop is null)
        {
            return false;
        }

        Remove(loop);
        return true;
    }

    /// <summary>Takes out a loop; one that is not in it is left alone.</summary>
    public void Remove(NodeLoop loop)
    {
        if (loop.QueueSlot is { } slot)
        {
            _heap.Remove(slot);
            _loops[slot] = null;
            _freeSlots.Push(slot);
            loop.QueueSlot = null;
        }
    }

    private int TakeSlot(NodeLoop loop)
    {
        if (!_freeSlots.TryPop(out var slot))
        {
            slot = Array.IndexOf(_loops, null);
            if (slot < 0)
            {
                slot = _loops.Length;
                Array.Resize(ref _loops, 2 * slot);
            }
        }

        _loops[slot] = loop;
        return slot;
    }
}
