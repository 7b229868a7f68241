using System.Runtime.InteropServices;
using Hearsay.Protocols.Aggregation.Definitions;
using Hearsay.Protocols.Aggregation.States;

namespace Hearsay.Protocols.Aggregation.PushPull;

/// <summary>
/// The aggregates a node knows, in the order in which it learned of them. Bounded in number and in bytes on the wire;
/// what only others want gives way, and has a share of the room and of what is sent.
/// </summary>
internal sealed class AggregateTable(int capacity)
{
    /// <summary>
    /// States of the aggregates that this node's application wants, in bytes: what does not fit one message goes with
    /// the next, so that each is exchanged every fourth cycle at least.
    /// </summary>
    public const int MaximumLocalBytes = 4 * AggregationMessage.StreamBytes;

    /// <summary>States of the aggregates that only others want.</summary>
    public const int MaximumForeignBytes = 2 * AggregationMessage.StreamBytes;

    /// <summary>
    /// What a node sends on its own, in a cycle and on average, of all that only others want: nobody can make it send
    /// more by defining more.
    /// </summary>
    private const int ForeignBytesPerCycle = 4 * AggregationMessage.DatagramBytes;

    private readonly List<AggregateSlot> _slots = new(capacity);

    /// <summary>All of them; valid until one is added or forgotten.</summary>
    public ReadOnlySpan<AggregateSlot> Slots => CollectionsMarshal.AsSpan(_slots);

    /// <summary>How many more may be learned from others.</summary>
    public int ForeignRoom => capacity - _slots.Count;

    /// <summary>How many bytes the states take at most, with their heads.</summary>
    public int StateBytes => BytesOf(isLocal: true) + BytesOf(isLocal: false);

    /// <summary>Called for every one that is forgotten.</summary>
    public Action<AggregateSlot>? Forgotten { get; init; }

    /// <summary>How many bytes the state of a definition takes at most, with its head.</summary>
    public static int BytesOf(AggregateDefinition definition) =>
        AggregationMessage.SectionHeadBytes
            + (AggregateStates.Create(definition, new LeaderMap(1))?.MaximumBytes ?? 0);

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
        var bytes = BytesOf(slot.IsLocal) + BytesOf(slot);
        if (bytes > (slot.IsLocal ? MaximumLocalBytes : MaximumForeignBytes))
        {
            return false;
        }

        while (_slots.Count == capacity)
        {
            if (!slot.IsLocal || LeastUsed() is not { } forgotten)
            {
                return false;
            }

            Remove(forgotten);
        }

        _slots.Add(slot);
        return true;
    }

    /// <summary>A cycle begins: everything that only others want may be sent again, each its share.</summary>
    public void Allow()
    {
        var foreign = 0;
        foreach (var slot in _slots)
        {
            foreign += slot.IsLocal ? 0 : 1;
        }

        var share = ForeignBytesPerCycle / Math.Max(4, foreign);
        foreach (var slot in _slots)
        {
            // What is larger than its share waits until it has saved enough.
            slot.Allowance = Math.Min(slot.Allowance + share, Math.Max(share, BytesOf(slot)));
        }
    }

    /// <summary>Forgets those that nobody used for so long.</summary>
    /// <returns>How many.</returns>
    public int Expire(int epochs)
    {
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

    private int BytesOf(bool isLocal)
    {
        var bytes = 0;
        foreach (var slot in _slots)
        {
            bytes += slot.IsLocal == isLocal ? BytesOf(slot) : 0;
        }

        return bytes;
    }

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
        slot.Carrier?.Drop(slot.Id);
        Forgotten?.Invoke(slot);
    }
}
