namespace Hearsay.Protocols;

/// <summary>What became of a message that was to be published.</summary>
public enum PublishOutcome
{
    /// <summary>It is on its way.</summary>
    Published,

    /// <summary>The topic is longer than <see cref="BroadcastOptions.MaximumTopicBytes"/>.</summary>
    TopicTooLong,

    /// <summary>The payload is longer than <see cref="BroadcastOptions.MaximumPayloadBytes"/>.</summary>
    PayloadTooLong,

    /// <summary>The node has not started.</summary>
    NotStarted,

    /// <summary>Too many large payloads are held or being received already.</summary>
    NoRoom,

    /// <summary>The node leaves.</summary>
    Leaving,

    /// <summary>
    /// The links take no more messages at the moment, and as many as may wait do: try again a little later.
    /// </summary>
    Congested,

    /// <summary>It waited for the links, and a <see cref="WithdrawCommand"/> took it back.</summary>
    Withdrawn,
}
