namespace Hearsay.Protocols;

/// <summary>Takes the messages of a node, each once.</summary>
public interface IBroadcastSink
{
    /// <summary>
    /// A message is here, this node's own included. Called inside the event loop: copy what is needed and return.
    /// </summary>
    void Deliver(in BroadcastMessage message);
}
