using Hearsay.Protocols.Broadcast.Contracts;

namespace Hearsay.Features.Topics;

/// <summary>Hands what is held to one subscription.</summary>
internal sealed class HeldMessages(TopicSubscription subscription) : IBroadcastSink
{
    /// <inheritdoc/>
    public void Deliver(in BroadcastMessage message)
    {
        if (subscription.Wants(message.Topic))
        {
            TopicMessage? copy = null;
            subscription.Deliver(message, ref copy);
        }
        else
        {
            subscription.Pass(message);
        }
    }
}
