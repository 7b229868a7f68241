namespace Hearsay.Protocols.Broadcast.Contracts;

/// <summary>The outcome of an attempt to publish a message.</summary>
internal enum PublishOutcome
{
    /// <summary>The message was published.</summary>
    Published,

    /// <summary>The topic is longer than <see cref="BroadcastOptions.MaximumTopicBytes"/>.</summary>
    TopicTooLong,

    /// <summary>The payload is longer than <see cref="BroadcastOptions.MaximumPayloadBytes"/>.</summary>
    PayloadTooLong,

    /// <summary>The node has not started yet.</summary>
    NotStarted,

    /// <summary>The node already holds or receives too many large payloads.</summary>
    NoRoom,

    /// <summary>The node is leaving.</summary>
    Leaving,

    /// <summary>
    /// The links accept no more messages at the moment, and the maximum number is waiting. Try again a little later.
    /// </summary>
    Congested,

    /// <summary>The message was waiting for the links when a <see cref="WithdrawCommand"/> took it back.</summary>
    Withdrawn,
}
