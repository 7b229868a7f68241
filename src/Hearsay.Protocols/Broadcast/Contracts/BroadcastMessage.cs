using System.Text;

namespace Hearsay.Protocols.Broadcast.Contracts;

/// <summary>A message as a node receives it. Its spans are valid only during the call that passes it.</summary>
internal readonly ref struct BroadcastMessage
{
    /// <summary>The id of the message, the same on every node.</summary>
    public BroadcastId Id { get; init; }

    /// <summary>
    /// The id of the publisher. In mode identity its signature was verified; in the other modes the message states it,
    /// and nothing proves it.
    /// </summary>
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

    /// <summary>The topic in UTF-8, at most <see cref="BroadcastOptions.MaximumTopicBytes"/> bytes.</summary>
    public ReadOnlySpan<byte> Topic { get; init; }

    /// <summary>
    /// The number of links over which the message came; 0 for a message of this node. A node on the way may have lied.
    /// </summary>
    public int Hops { get; init; }

    /// <summary>
    /// The time since the message was published: the time it spent in nodes, plus half the round-trip time of every
    /// link. It does not depend on the clocks of other nodes, but a node on the way may have lied.
    /// </summary>
    public TimeSpan Age { get; init; }

    /// <summary>
    /// The trace and the span that published the message, of <see cref="MessageFrame.TraceBytes"/>; empty if the
    /// publisher does not trace it.
    /// </summary>
    public ReadOnlySpan<byte> Trace { get; init; }

    /// <summary>The payload of the message.</summary>
    public ReadOnlySpan<byte> Payload { get; init; }

    /// <summary>The same payload in the memory of the node, which a lease keeps beyond the call.</summary>
    public HeldPayload Held { get; init; }

    /// <summary>The topic as text. Each call allocates a string.</summary>
    public string TopicText => Encoding.UTF8.GetString(Topic);
}
