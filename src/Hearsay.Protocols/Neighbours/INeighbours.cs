namespace Hearsay.Protocols;

/// <summary>
/// A node's few stable neighbours, by slot: what broadcast trees, repair and sticky protocols stand on. Links are meant
/// to be symmetric and to stay until one side fails; a view is not (it changes every cycle).
/// </summary>
/// <remarks>
/// Belongs to the node's event loop: call it only inside a handler of a protocol of the same node. A slot number is
/// reused after <see cref="INeighbourObserver.OnNeighbourDown"/>.
/// </remarks>
public interface INeighbours
{
    /// <summary>How many slots there are, from 1 to 32.</summary>
    int Capacity { get; }

    /// <summary>The slots in use, one bit each.</summary>
    uint Up { get; }

    /// <summary>Who sits in a slot that is in use.</summary>
    Peer this[int slot] { get; }

    /// <summary>
    /// The number of the link in a slot; 0 if nobody sits there. Both ends have the same, and nobody else knows it:
    /// what is sent over a link carries it, since anybody can name a neighbour as the sender of a packet.
    /// </summary>
    ulong LinkNumber(int slot);

    /// <summary>Whether a frame came over a link of this node.</summary>
    /// <param name="from">Its sender, as the packet says.</param>
    /// <param name="number">The number of the link, as the frame says.</param>
    /// <param name="slot">
    /// The neighbour's slot; -1 if the link closed a moment ago: what was on its way still comes, and nobody can be
    /// answered.
    /// </param>
    /// <returns>False if this node has no such link with the sender: nothing in the frame is to be believed.</returns>
    bool TryFind(in Peer from, ulong number, out int slot);

    /// <summary>The smoothed round-trip time to the neighbour in a slot; zero before anything was measured.</summary>
    TimeSpan RoundTrip(int slot);

    /// <summary>A message came from this neighbour: it lives.</summary>
    void Heard(int slot);

    /// <summary>
    /// Something that matters was sent to this neighbour: unless it was heard just now it is probed, so that traffic
    /// finds a dead neighbour within a few round trips instead of a heartbeat.
    /// </summary>
    void Sent(int slot);

    /// <summary>Adds somebody to be told of every change; at most 8, and before the node starts.</summary>
    void Watch(INeighbourObserver observer);
}
