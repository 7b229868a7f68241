using System.Runtime.InteropServices;

namespace Hearsay.Protocols.Aggregation.Carriers;

/// <summary>The aggregates that one protocol carries. Bounded; the table of definitions decides who goes.</summary>
internal sealed class CarriedTable<T>(int capacity)
    where T : CarriedSlot
{
    private readonly List<T> _slots = [];

    /// <summary>All of them; valid until one is added or removed.</summary>
    public ReadOnlySpan<T> Slots => CollectionsMarshal.AsSpan(_slots);

    /// <summary>Whether there is no room for another.</summary>
    public bool IsFull => _slots.Count >= capacity;

    /// <summary>Finds one.</summary>
    public T? Find(ulong id)
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

    /// <summary>Adds one; there must be room.</summary>
    public void Add(T slot) => _slots.Add(slot);

    /// <summary>Takes one off.</summary>
    public void Remove(T slot) => _slots.Remove(slot);
}
