using System.Text;

namespace Hearsay.Protocols;

/// <summary>A message as it reaches a node. Its spans are valid only during the call that hands it over.</summary>
public readonly ref struct BroadcastMessage
{
    /// <summary>Its name, the same on every node.</summary>
    public BroadcastId Id { get; init; }

    /// <summary>Who published it, as the message says; nothing proves it.</summary>
    public NodeId Origin { get; init; }

    /// <summary>Which of the publisher's lives; its sequence starts again with each.</summary>
    public ulong Incarnation { get; init; }

    /// <summary>The how-manieth message of this life of its publisher, from 1, over all topics.</summary>
    public ulong Sequence { get; init; }

    /// <summary>The topic in UTF-8, at most <see cref="BroadcastOptions.MaximumTopicBytes"/> bytes.</summary>
    public ReadOnlySpan<byte> Topic { get; init; }

    /// <summary>Over how many links it came; 0 for this node's own. A node on the way may have lied.</summary>
    public int Hops { get; init; }

    /// <summary>
    /// How long ago it was published: the time it spent in nodes and half the round trip of every link. No clock of
    /// another node is in it, but a node on the way may have lied.
    /// </summary>
    public TimeSpan Age { get; init; }

    /// <summary>What was published.</summary>
    public ReadOnlySpan<byte> Payload { get; init; }

    /// <summary>The topic as text; allocates.</summary>
    public string TopicText => Encoding.UTF8.GetString(Topic);
}
