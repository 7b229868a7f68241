using Hearsay.Protocols.Broadcast.Store;

namespace Hearsay.Protocols.Broadcast.Repair;

/// <summary>The messages that were announced and are not here, each with the moment to ask for it.</summary>
internal sealed class MissingTable(ulong hashKey)
{
    /// <summary>The most at once.</summary>
    public const int Capacity = 8192;

    /// <summary>The most that one neighbour may have announced first.</summary>
    public const int CapacityPerLink = 2048;

    private readonly Dictionary<BroadcastId, int> _byId = new(new IdHash(hashKey));
    private readonly Stack<int> _free = new();
    private readonly DueHeap _due = new();
    private readonly int[] _perLink = new int[32];
    private MissingMessage[] _slots = [];

    public int Count => _byId.Count;

    public Instant NextDue => _due.NextDue;

    /// <summary>The one to be asked for first; only if something is due.</summary>
    public int FirstDue => _due.First;

    public ref MissingMessage this[int slot] => ref _slots[slot];

    public bool TryFind(in BroadcastId id, out int slot) => _byId.TryGetValue(id, out slot);

    /// <summary>Remembers what is missing.</summary>
    /// <returns>False if there is no room.</returns>
    public bool TryAdd(in BroadcastId id, int announcer, Instant now, out int slot)
    {
        slot = -1;
        if (_byId.Count >= Capacity || _perLink[announcer] >= CapacityPerLink)
        {
            return false;
        }

        if (!_free.TryPop(out slot))
        {
            slot = _byId.Count;
            if (slot == _slots.Length)
            {
                Array.Resize(ref _slots, Math.Max(8, 2 * slot));
            }
        }

        _perLink[announcer]++;
        _slots[slot] = new MissingMessage
        {
            Id = id, Announcers = 1u << announcer, First = (sbyte)announcer, AskedLast = -1, Charged = -1,
            Since = now,
        };
        _byId.Add(id, slot);
        return true;
    }

    public void Arm(int slot, Instant due) => _due.Set(slot, due);

    public void Disarm(int slot) => _due.Remove(slot);

    public Instant Due(int slot) => _due.Due(slot);

    public void Remove(int slot)
    {
        ref var message = ref _slots[slot];
        _perLink[message.First]--;
        _byId.Remove(message.Id);
        _due.Remove(slot);
        _free.Push(slot);
        message.Id = default;
    }

    /// <summary>A neighbour is gone: nothing can be asked of it.</summary>
    public void ForgetLink(int link)
    {
        foreach (ref var message in _slots.AsSpan())
        {
            message.Announcers &= ~(1u << link);
            message.Holders &= ~(1u << link);
            message.Asked &= ~(1u << link);
            message.AskedLast = message.AskedLast == link ? (sbyte)-1 : message.AskedLast;
            message.Charged = message.Charged == link ? (sbyte)-1 : message.Charged;
        }
    }
}
