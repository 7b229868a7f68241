using System.Runtime.InteropServices;
using System.Text;
using Hearsay.Protocols;

namespace Hearsay;

/// <summary>What a subscriber to a topic receives: a message, or a notice that messages were missed.</summary>
/// <remarks>
/// An immutable value that you may keep and pass to any thread. All subscribers of a node share the payload, so do not
/// write to it.
/// </remarks>
[StructLayout(LayoutKind.Auto)]
public readonly record struct TopicMessage
{
    /// <summary>
    /// The number of messages that this reader missed; 0 if this is a message. A message is missed if the reader was
    /// too slow for it, if it came too late for the order, if it was large and this node had to give it up, or if it
    /// never came and no node holds it any more. The node does not know the topic of a message that never came, so it
    /// counts all such messages of the publisher. The count may therefore be too high for this topic, but never too
    /// low.
    /// </summary>
    public long Missed { get; init; }

    /// <summary>Whether this is a notice that messages were missed, and not a message.</summary>
    public bool IsLagged => Missed > 0;

    /// <summary>The name of the topic.</summary>
    public string Topic { get; init; }

    /// <summary>The id of the message, the same on every node.</summary>
    public BroadcastId Id { get; init; }

    /// <summary>The id of the node that published the message, as the message states it. Nothing proves it.</summary>
    public NodeId Origin { get; init; }

    /// <summary>
    /// The incarnation with which the publisher started. When the publisher restarts, <see cref="Sequence"/> starts
    /// again.
    /// </summary>
    public ulong Incarnation { get; init; }

    /// <summary>
    /// The number of the message among all messages that the publisher has published since it started, over all topics.
    /// The first has number 1.
    /// </summary>
    public ulong Sequence { get; init; }

    /// <summary>The number of links over which the message came; 0 for a message of this node.</summary>
    public int Hops { get; init; }

    /// <summary>
    /// The time from publishing to arrival, as measured by the nodes on the way. It is accurate to milliseconds.
    /// </summary>
    public TimeSpan Age { get; init; }

    /// <summary>The payload of the message.</summary>
    public ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>The payload as text, decoded from UTF-8. Each call allocates a string.</summary>
    public string Text => Encoding.UTF8.GetString(Payload.Span);
}
