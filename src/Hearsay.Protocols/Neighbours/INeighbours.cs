using Hearsay.Protocols.Security.Origins;

namespace Hearsay.Protocols.Neighbours;

/// <summary>
/// The few stable neighbours of a node, by slot. Broadcast trees and their repair build on them. Links are symmetric
/// and should stay until one side fails, unlike the entries of a view, which change every cycle.
/// </summary>
/// <remarks>
/// Call it only inside a handler of a protocol of the same node. A slot is reused after
/// <see cref="INeighbourObserver.OnNeighbourDown"/>.
/// </remarks>
internal interface INeighbours
{
    /// <summary>The number of slots, from 1 to 32.</summary>
    int Capacity { get; }

    /// <summary>The slots that have a neighbour, as a bit mask.</summary>
    uint Up { get; }

    /// <summary>The neighbour in a slot. The slot must have one.</summary>
    Peer this[int slot] { get; }

    /// <summary>
    /// Returns the number of the link in a slot, or 0 if the slot has no neighbour. Both ends know the number, and no
    /// other node does. Frames that are sent over the link carry it, since any node could name a neighbour as the
    /// sender of a packet.
    /// </summary>
    /// <param name="slot">The index of the slot.</param>
    ulong LinkNumber(int slot);

    /// <summary>Finds the link over which a frame came.</summary>
    /// <param name="from">The sender, as the packet states it.</param>
    /// <param name="number">The number of the link, as the frame states it.</param>
    /// <param name="slot">
    /// The slot of the neighbour. It is -1 if the link has just closed. Frames that were on their way may still come
    /// then, but they cannot be answered.
    /// </param>
    /// <returns>False if this node has no such link with the sender. Then do not use anything in the frame.</returns>
    bool TryFind(in Peer from, ulong number, out int slot);

    /// <summary>
    /// Returns the smoothed round-trip time to the neighbour in a slot; zero before the first measurement.
    /// </summary>
    /// <param name="slot">The index of the slot.</param>
    TimeSpan RoundTrip(int slot);

    /// <summary>Records that a message came from this neighbour, so it is alive.</summary>
    /// <param name="slot">The index of the slot.</param>
    void Heard(int slot);

    /// <summary>
    /// Records that an important message was sent to this neighbour. If the node has not just heard from the neighbour,
    /// it probes it. So traffic detects a dead neighbour within a few round trips and does not wait for a heartbeat.
    /// </summary>
    /// <param name="slot">The index of the slot.</param>
    void Sent(int slot);

    /// <summary>
    /// A peer sent what nobody sends who follows the protocol: its link ends, and it gets none for
    /// <see cref="ShunnedPeers.Time"/>.
    /// </summary>
    /// <param name="id">The peer, which must have proven who it is: others must not be shunned in its stead.</param>
    void Shun(NodeId id);

    /// <summary>Returns whether a peer is shunned at present.</summary>
    /// <param name="id">The peer.</param>
    bool IsShunned(NodeId id);

    /// <summary>Adds an observer of every change. At most 8, and only before the node starts.</summary>
    /// <param name="observer">The observer.</param>
    /// <exception cref="InvalidOperationException">There are 8 observers already, or the node has started.</exception>
    void Watch(INeighbourObserver observer);
}
