using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Broadcast.Reach;
using Hearsay.Protocols.Broadcast.Repair;

namespace Hearsay.Protocols.Broadcast;

/// <content>
/// The parts that have a state of their own, and what broadcast lends to them.
/// </content>
internal sealed partial class BroadcastProtocol : IBroadcastHost
{
    private readonly ReachTracker _reach;
    private readonly RepairTurns _turns;

    /// <inheritdoc/>
    Instant IBroadcastHost.Now => Now;

    /// <inheritdoc/>
    uint IBroadcastHost.Up => _neighbours.Up;

    /// <inheritdoc/>
    void IBroadcastHost.SendControl(int slot, byte type, ReadOnlySpan<byte> body) => SendControl(slot, type, body);

    /// <summary>
    /// Returns the number of nodes that have acknowledged a tracked message so far, this node included. A node
    /// acknowledges a large message when it has the whole payload.
    /// </summary>
    /// <param name="id">The id of a message that this node published recently.</param>
    /// <returns>
    /// The number, which is a lower bound. It is 0 if this node does not track the message, or no longer does.
    /// </returns>
    public long ReachOf(in BroadcastId id) => _reach.Find(id)?.Known ?? 0;
}
