namespace Hearsay;

/// <summary>The options of a subscription to a topic. Immutable.</summary>
public sealed record TopicSubscriptionOptions
{
    /// <summary>
    /// The maximum number of open subscriptions of a node, over all topics. Each has a queue of its own, and every
    /// message is offered to each. If you need more readers, share one subscription and queue its messages for each
    /// reader yourself.
    /// </summary>
    public const int MaximumSubscriptions = 256;

    /// <summary>
    /// The number of messages that may wait for the reader. Further messages are dropped, and the reader is told how
    /// many: see <see cref="OnMissed"/>.
    /// </summary>
    /// <value>Default 1,024. From 1 to 1,048,576.</value>
    public int Capacity { get; init; } = 1024;

    /// <summary>
    /// The number of payload bytes that may wait for the reader. Further messages are dropped, as for
    /// <see cref="Capacity"/>.
    /// </summary>
    /// <value>Default 64 MiB. At least 1. A single message may exceed it.</value>
    public long CapacityBytes { get; init; } = 64 << 20;

    /// <summary>
    /// Whether the messages of each publisher arrive in the order in which it published them. A message that overtook
    /// another one then waits for it, but for at most <see cref="OrderPatience"/>. At most <see cref="Capacity"/>
    /// messages, at most 8,192, and at most <see cref="CapacityBytes"/> bytes may wait.
    /// </summary>
    /// <value>Default false: messages arrive in the order in which the node receives them.</value>
    public bool InOrder { get; init; }

    /// <summary>
    /// The time for which a message waits for earlier messages of its publisher. An earlier message that comes later
    /// than that is dropped and counts as missed. The first message of a publisher that is new to this node waits a
    /// tenth of this time, since the node cannot know whether any came before.
    /// </summary>
    /// <value>Default 5 s: two rounds of repair. From 10 ms to 10 min.</value>
    public TimeSpan OrderPatience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Whether the subscription starts with the messages that the node still holds. If the node has just joined, it
    /// also gets those that other nodes still hold.
    /// </summary>
    /// <value>Default false: only messages published after subscribing, or less than 5 s before.</value>
    public bool IncludeHeld { get; init; }

    /// <summary>
    /// Called with the number of messages that the reader missed, at the place of the loss: after the last message
    /// before the gap was read, and before the next one is read. <see cref="TopicSubscription.Missed"/> says which
    /// messages count as missed. The call comes from the code that reads the subscription. An exception ends an
    /// <c>await foreach</c> and is thrown there. <see cref="TopicSubscription.ReadBatchAsync"/> throws it once.
    /// </summary>
    /// <value>Default null: the node logs a warning at the first loss of the subscription.</value>
    public Action<long>? OnMissed { get; init; }

    internal void ThrowIfInvalid()
    {
        if (Capacity is < 1 or > 1 << 20)
        {
            throw new ArgumentException($"Capacity must be from 1 to {1 << 20}, not {Capacity}.");
        }

        if (CapacityBytes < 1)
        {
            throw new ArgumentException($"CapacityBytes must be at least 1, not {CapacityBytes}.");
        }

        if (OrderPatience < TimeSpan.FromMilliseconds(10) || OrderPatience > TimeSpan.FromMinutes(10))
        {
            throw new ArgumentException($"OrderPatience must be from 10 ms to 10 min, not {OrderPatience}.");
        }
    }
}
