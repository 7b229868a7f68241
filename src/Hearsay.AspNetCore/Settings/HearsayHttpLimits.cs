namespace Hearsay.AspNetCore;

/// <summary>The limits of the HTTP service. Immutable.</summary>
/// <remarks>
/// A call beyond a limit is answered with 413, 429 or 503 and counted in the metric <c>hearsay.http.refused</c>.
/// </remarks>
public sealed record HearsayHttpLimits
{
    /// <summary>The number of event streams that may be open at a time.</summary>
    /// <value>Default 1,024. From 1 to 65,536.</value>
    public int Streams { get; init; } = 1024;

    /// <summary>The number of topics that callers may listen to at a time. All readers of one topic share one
    /// subscription.</summary>
    /// <value>Default 64. From 1 to 256, the limit of a node.</value>
    public int Topics { get; init; } = 64;

    /// <summary>The number of samplers that callers may create.</summary>
    /// <value>Default 32. From 1 to 48: a node has 64, and needs some for itself.</value>
    public int Samplers { get; init; } = 32;

    /// <summary>The number of names for which callers may answer the requests of other nodes.</summary>
    /// <value>Default 32. From 1 to 200: a node has 256 handlers, and the application may need some.</value>
    public int Handlers { get; init; } = 32;

    /// <summary>The number of bytes of all bodies that are being read, or are in use, at a time.</summary>
    /// <value>Default 64 MiB. At least 16 MiB, the size of the largest message.</value>
    public long PublishingBytes { get; init; } = 64 << 20;

    /// <summary>
    /// The number of calls per second that change something or publish, over all callers together. Calls of one second
    /// may be saved up.
    /// </summary>
    /// <value>Default 2,000. From 1 to 1,000,000.</value>
    public int WritesPerSecond { get; init; } = 2000;

    /// <summary>The number of events that a stream may be behind before it is told that it missed some.</summary>
    /// <value>Default 1,024, in at most 4 MiB. From 16 to 65,536.</value>
    public int EventsHeld { get; init; } = 1024;

    /// <summary>How long a reader of a stream may take nothing before its connection is closed.</summary>
    /// <value>Default 60 s. From 1 s to 1 h.</value>
    public TimeSpan StreamPatience { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Everything that is wrong, each with the name and what is allowed.</summary>
    internal IEnumerable<string> Errors()
    {
        if (Streams is < 1 or > 65_536)
        {
            yield return $"Streams must be from 1 to 65536, not {Streams}.";
        }

        if (Topics is < 1 or > TopicSubscriptionOptions.MaximumSubscriptions)
        {
            yield return
                $"Topics must be from 1 to {TopicSubscriptionOptions.MaximumSubscriptions}, not {Topics}.";
        }

        if (Samplers is < 1 or > 48)
        {
            yield return $"Samplers must be from 1 to 48, not {Samplers}.";
        }

        if (Handlers is < 1 or > 200)
        {
            yield return $"Handlers must be from 1 to 200, not {Handlers}.";
        }

        if (PublishingBytes < 16 << 20)
        {
            yield return $"PublishingBytes must be at least {16 << 20}, not {PublishingBytes}.";
        }

        if (WritesPerSecond is < 1 or > 1_000_000)
        {
            yield return $"WritesPerSecond must be from 1 to 1000000, not {WritesPerSecond}.";
        }

        if (EventsHeld is < 16 or > 65_536)
        {
            yield return $"EventsHeld must be from 16 to 65536, not {EventsHeld}.";
        }

        if (StreamPatience < TimeSpan.FromSeconds(1) || StreamPatience > TimeSpan.FromHours(1))
        {
            yield return $"StreamPatience must be from 1 s to 1 h, not {StreamPatience}.";
        }
    }
}
