namespace Hearsay.Protocols.Broadcast.Contracts;

/// <summary>
/// Receives the messages that arrive at a node, each once. Its methods are called inside the event loop, so they must
/// return quickly.
/// </summary>
internal interface IBroadcastSink
{
    /// <summary>
    /// Receives a message, which may also be one of this node. The spans are valid only during the call, so copy what
    /// you need.
    /// </summary>
    /// <param name="message">The message.</param>
    void Deliver(in BroadcastMessage message);

    /// <summary>
    /// Reports that a large message is known to this node and will never come: there was no room for it, or no
    /// neighbour sent its chunks while they were held. The default implementation does nothing.
    /// </summary>
    /// <param name="message">The message, with an empty payload.</param>
    void LostLarge(in BroadcastMessage message)
    {
    }

    /// <summary>
    /// Reports that messages never came and never will, because they are older than anything that is still held. The
    /// default implementation does nothing.
    /// </summary>
    /// <param name="loss">The publisher of the messages, and their number.</param>
    void Lost(in BroadcastLoss loss)
    {
    }
}
