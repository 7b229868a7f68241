namespace Hearsay.Protocols.Broadcast.Contracts;

/// <summary>The payload of a message in the memory of the node, for readers that do not copy it.</summary>
/// <param name="Bytes">The payload; empty if the node does not hold the message.</param>
/// <param name="Segment">
/// What the payload lies in, and what a reader must lease; null if nobody ever uses the memory again.
/// </param>
internal readonly record struct HeldPayload(ReadOnlyMemory<byte> Bytes, BodySegment? Segment)
{
    /// <summary>Takes a lease on the payload, if there is one to be had.</summary>
    /// <param name="length">The length of the payload.</param>
    /// <returns>False if the payload must be copied.</returns>
    public bool TryLease(int length) => Bytes.Length == length && (Segment is null || Segment.TryLease());
}
