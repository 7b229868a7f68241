namespace Hearsay;

/// <summary>How a topic is listened to. Immutable.</summary>
public sealed record TopicSubscriptionOptions
{
    /// <summary>
    /// The most subscriptions of one node at a time, over all topics: each holds a queue of its own, and every message
    /// is offered to each. Share one, with a queue per consumer of your own, where more are needed.
    /// </summary>
    public const int MaximumSubscriptions = 256;

    /// <summary>How many messages may wait for the reader; more are dropped, and a notice says how many.</summary>
    /// <value>Default 1,024. From 1 to 1,048,576.</value>
    public int Capacity { get; init; } = 1024;

    /// <summary>
    /// How many bytes of payload may wait for the reader; more are dropped like messages above <see cref="Capacity"/>.
    /// </summary>
    /// <value>Default 64 MiB. At least 1; one message alone may have more.</value>
    public long CapacityBytes { get; init; } = 64 << 20;

    /// <summary>
    /// Whether the messages of each publisher come in the order in which it published them. One that overtook another
    /// waits for it, at most <see cref="OrderPatience"/>, and while no more than <see cref="Capacity"/> or 8,192 wait,
    /// and no more than <see cref="CapacityBytes"/>.
    /// </summary>
    /// <value>Default false: in the order of their arrival.</value>
    public bool InOrder { get; init; }

    /// <summary>
    /// How long a message waits for those before it; what comes later than that is dropped with a notice. The first
    /// message of a publisher not heard before waits a tenth of it, since nobody knows what came before.
    /// </summary>
    /// <value>Default 5 s: two rounds of repair. From 10 ms to 10 min.</value>
    public TimeSpan OrderPatience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Whether the messages that the node still holds come first, and those that the others still hold when the node
    /// has just joined.
    /// </summary>
    /// <value>Default false: only what was published after subscribing, or less than 5 s before.</value>
    public bool IncludeHeld { get; init; }

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
