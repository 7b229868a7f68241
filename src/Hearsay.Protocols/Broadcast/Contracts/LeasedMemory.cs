namespace Hearsay.Protocols.Broadcast.Contracts;

/// <summary>
/// Bounds the memory that leases keep. A segment counts as a whole from its first lease to the end of its last one,
/// also while the node holds it anyway. So leases add at most the capacity to what the node takes.
/// </summary>
/// <param name="capacityBytes">The most bytes that leases keep.</param>
internal sealed class LeasedMemory(long capacityBytes)
{
    private BodySegment? _ended;
    private long _bytes;

    /// <summary>The bytes that leases keep now. Any thread.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>A segment gets its first lease.</summary>
    /// <param name="bytes">Its length.</param>
    /// <returns>False if it does not fit the capacity.</returns>
    public bool TryKeep(int bytes)
    {
        if (Interlocked.Add(ref _bytes, bytes) <= capacityBytes)
        {
            return true;
        }

        Release(bytes);
        return false;
    }

    /// <summary>The last lease of a segment has ended. Any thread.</summary>
    /// <param name="bytes">Its length.</param>
    public void Release(int bytes) => Interlocked.Add(ref _bytes, -bytes);

    /// <summary>The last lease of a segment has ended that the node has left. Any thread.</summary>
    public void GiveBack(BodySegment segment)
    {
        BodySegment? first;
        do
        {
            first = Volatile.Read(ref _ended);
            segment.NextEnded = first;
        }
        while (Interlocked.CompareExchange(ref _ended, segment, first) != first);
    }

    /// <summary>Takes all that were given back, as a list; null if there are none. Only the event loop.</summary>
    public BodySegment? TakeEnded() =>
        Volatile.Read(ref _ended) is null ? null : Interlocked.Exchange(ref _ended, null);
}
