using Hearsay.Protocols;
using Hearsay.Protocols.Broadcast.Contracts;

namespace Hearsay.Features.Topics;

/// <summary>Picks one message out of those that a node still holds.</summary>
internal sealed class HeldSearch(string topic, BroadcastId id) : IBroadcastSink
{
    /// <summary>The message; null if the node does not hold it.</summary>
    public TopicMessage? Found { get; private set; }

    /// <inheritdoc/>
    public void Deliver(in BroadcastMessage message)
    {
        if (message.Id == id)
        {
            Found = TopicService.Copy(message, topic);
        }
    }
}
