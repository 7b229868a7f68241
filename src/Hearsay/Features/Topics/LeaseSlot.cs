using Hearsay.Protocols.Broadcast.Contracts;

namespace Hearsay.Features.Topics;

/// <summary>
/// What one lease holds. It is used again, each time under another number, so that a lease that has ended can neither
/// end nor read the next one.
/// </summary>
/// <param name="slots">Where it is kept while nobody uses it.</param>
internal sealed class LeaseSlot(LeaseSlots slots)
{
    private long _number;
    private BodySegment? _segment;

    /// <summary>Begins a lease.</summary>
    /// <param name="segment">What it keeps; null if its memory needs no keeping.</param>
    /// <returns>The number of the lease.</returns>
    public long Begin(BodySegment? segment)
    {
        _segment = segment;
        return Interlocked.Read(ref _number);
    }

    /// <summary>Whether a lease has not ended.</summary>
    public bool Holds(long number) => Interlocked.Read(ref _number) == number;

    /// <summary>Ends a lease, if it has not ended. Any thread.</summary>
    public void End(long number)
    {
        if (Interlocked.CompareExchange(ref _number, number + 1, number) != number)
        {
            return;
        }

        var segment = _segment;
        _segment = null;
        slots.Return(this);
        segment?.EndLease();
    }
}
