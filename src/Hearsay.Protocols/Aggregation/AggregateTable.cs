using System.Runtime.InteropServices;

namespace Hearsay.Protocols;

/// <summary>
/// The aggregates a node knows, in the order in which it learned of them. Bounded in number and in bytes on the wire.
/// </summary>
internal sealed class AggregateTable(int capacity)
{
    /// <summary>All states together leave room in a message for the rest.</summary>
    private const int MaximumStateBytes = 60_000;

    private readonly List<AggregateSlot> _slots = new(capacity);

    /// <summary>All of them; valid until one is added or forgotten.</summary>
    public ReadOnlySpan<AggregateSlot> Slots => CollectionsMarshal.AsSpan(_slots);

    /// <summary>How many bytes the states take in a message at most, with their heads.</summary>
    public int StateBytes { get; private set; }

    /// <summary>Finds one.</summary>
    public AggregateSlot? Find(ulong id)
    {
        foreach (var slot in _slots)
        {
            if (slot.Id == id)
            {
                return slot;
            }
        }

        return null;
    }

    /// <summary>Adds one; if this node wants it, the foreign one that was not used for longest gives way.</summary>
    /// <returns>False if there is no room.</returns>
    public bool TryAdd(AggregateSlot slot)
    {
        var bytes = BytesOf(slot);
        while (_slots.Count == capacity || StateBytes + bytes > MaximumStateBytes)
        {
            if (!slot.IsLocal || LeastUsed() is not { } forgotten)
            {
                return false;
            }

            Remove(forgotten);
        }

        _slots.Add(slot);
        StateBytes += bytes;
        return true;
    }

    /// <summary>Forgets those that nobody used for so long.</summary>
    /// <returns>How many.</returns>
    public int Expire(int epochs)
    {
#if HEARSAY_DEFECTS
        if (AggregationDefects.Has(AggregationDefect.DefinitionNeverForgotten))
        {
            return 0;
        }

#endif
        var expired = 0;
        for (var i = _slots.Count - 1; i >= 0; i--)
        {
            if (!_slots[i].IsLocal && _slots[i].UnusedEpochs > epochs)
            {
                Remove(_slots[i]);
                expired++;
            }
        }

        return expired;
    }

    private static int BytesOf(AggregateSlot slot) =>
        AggregationMessage.SectionHeadBytes + slot.State.MaximumBytes;

    private AggregateSlot? LeastUsed()
    {
        AggregateSlot? least = null;
        foreach (var slot in _slots)
        {
            if (!slot.IsLocal && (least is null || slot.UnusedEpochs > least.UnusedEpochs))
            {
                least = slot;
            }
        }

        return least;
    }

    private void Remove(AggregateSlot slot)
    {
        _slots.Remove(slot);
        StateBytes -= BytesOf(slot);
        slot.Carrier?.Drop(slot.Id);
    }
}
