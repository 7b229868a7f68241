namespace Hearsay.Protocols.Broadcast.Contracts;

/// <summary>
/// A piece of the memory in which a node holds messages. Readers may hold on to it by leases. It is used again when the
/// node holds none of its messages any more and the last lease has ended.
/// </summary>
/// <remarks>
/// <see cref="TryLease"/> and <see cref="Leave"/> belong to the event loop, and only while the node holds a message in
/// the segment. Any thread may end a lease.
/// </remarks>
/// <param name="buffer">The bytes.</param>
/// <param name="leased">The memory that leases keep, over all segments of the node.</param>
internal sealed class BodySegment(byte[] buffer, LeasedMemory leased)
{
    /// <summary>A bit of the state: the node holds none of the messages any more.</summary>
    private const int Left = 1 << 30;

    /// <summary>The number of leases, and the bit.</summary>
    private int _state;

    /// <summary>The bytes.</summary>
    public byte[] Buffer { get; } = buffer;

    /// <summary>Where free room begins.</summary>
    public int End { get; set; }

    /// <summary>How many messages in it are held.</summary>
    public int Messages { get; set; }

    /// <summary>The next segment of those whose leases have ended.</summary>
    public BodySegment? NextEnded { get; set; }

    /// <summary>Takes a lease, which <see cref="EndLease"/> ends.</summary>
    /// <returns>False if leases keep as much memory as they may.</returns>
    public bool TryLease()
    {
        if (Interlocked.Increment(ref _state) != 1 || leased.TryKeep(Buffer.Length))
        {
            return true;
        }

        Interlocked.Decrement(ref _state);
        return false;
    }

    /// <summary>Ends a lease. Any thread.</summary>
    public void EndLease()
    {
        var state = Interlocked.Decrement(ref _state);
        if ((state & ~Left) > 0)
        {
            return;
        }

        leased.Release(Buffer.Length);
        if ((state & Left) != 0)
        {
            Reset();
            leased.GiveBack(this);
        }
    }

    /// <summary>The node holds none of its messages any more.</summary>
    /// <returns>Whether it may be used again at once. If not, it comes back with its last lease.</returns>
    public bool Leave()
    {
        if (Interlocked.Or(ref _state, Left) != 0)
        {
            return false;
        }

        Reset();
        return true;
    }

    private void Reset() => (_state, End) = (0, 0);
}
