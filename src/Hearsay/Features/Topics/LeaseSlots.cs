using Hearsay.Protocols.Broadcast.Contracts;

namespace Hearsay.Features.Topics;

/// <summary>The slots of one reader's leases. Those that are in use are not in here.</summary>
internal sealed class LeaseSlots
{
    /// <summary>Slots that are kept for later. Where more leases end at once the others are left to the collector.
    /// </summary>
    private const int MaximumFree = 1024;

    private readonly Lock _gate = new();
    private readonly Stack<LeaseSlot> _free = [];

    /// <summary>A lease of a message.</summary>
    /// <param name="message">The message, with a lease on the segment that it names.</param>
    public TopicLease Lease(in TopicMessage message)
    {
        LeaseSlot? slot;
        lock (_gate)
        {
            _free.TryPop(out slot);
        }

        slot ??= new LeaseSlot(this);
        return new TopicLease(message with { Segment = null }, slot, slot.Begin(message.Segment));
    }

    /// <summary>A lease has ended. Any thread.</summary>
    public void Return(LeaseSlot slot)
    {
        lock (_gate)
        {
            if (_free.Count < MaximumFree)
            {
                _free.Push(slot);
            }
        }
    }
}
