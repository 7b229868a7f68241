namespace Hearsay.Protocols;

/// <summary>Takes the messages of a node, each once.</summary>
public interface IBroadcastSink
{
    /// <summary>
    /// A message is here, this node's own included. Called inside the event loop: copy what is needed and return.
    /// </summary>
    void Deliver(in BroadcastMessage message);

    /// <summary>
    /// A large message is known here and will not come: there was no room for it, or nobody sent its chunks while it
    /// was held. Its payload is empty. Called inside the event loop. Without an implementation nobody is told.
    /// </summary>
    void LostLarge(in BroadcastMessage message)
    {
    }

    /// <summary>
    /// Messages never came and will not: they are older than all that is held. Called inside the event loop. Without an
    /// implementation nobody is told.
    /// </summary>
    void Lost(in BroadcastLoss loss)
    {
    }
}
