using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;
using Hearsay.Protocols;
using Hearsay.Protocols.Broadcast.Contracts;

namespace Hearsay;

/// <summary>A message of a topic, as a subscriber receives it.</summary>
/// <remarks>
/// An immutable value that you may keep and pass to any thread. All subscribers of a node share the payload, so do not
/// write to it.
/// </remarks>
[StructLayout(LayoutKind.Auto)]
public readonly record struct TopicMessage
{
    /// <summary>
    /// The number of messages that this reader missed between the message before and this one; 0 as a rule.
    /// <see cref="TopicSubscriptionOptions.OnMissed"/> is called for them as well, and
    /// <see cref="TopicSubscription.Missed"/> has the total.
    /// </summary>
    public long MissedBefore { get; init; }

    /// <summary>Always false: losses are reported out of band, and a subscriber receives only messages.</summary>
    [Obsolete("A subscriber receives messages only. See TopicSubscriptionOptions.OnMissed and MissedBefore.")]
    [EditorBrowsable(EditorBrowsableState.Never)]
    public bool IsLagged => IsLost;

    /// <summary>Always 0: losses are reported out of band. See <see cref="MissedBefore"/>.</summary>
    [Obsolete("See TopicSubscriptionOptions.OnMissed and MissedBefore.")]
    [EditorBrowsable(EditorBrowsableState.Never)]
    public long Missed => IsLost ? MissedBefore : 0;

    /// <summary>Whether it takes the place of a message that is lost. No subscriber receives such a one.</summary>
    internal bool IsLost { get; init; }

    /// <summary>The name of the topic.</summary>
    public string Topic { get; init; }

    /// <summary>The id of the message, the same on every node.</summary>
    public BroadcastId Id { get; init; }

    /// <summary>
    /// The id of the node that published the message. In mode identity it is proven by a signature, which the node has
    /// verified. In the other modes the message only states it.
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

    /// <summary>The number of links over which the message came; 0 for a message of this node.</summary>
    public int Hops { get; init; }

    /// <summary>
    /// The time from publishing to arrival, as measured by the nodes on the way. It is accurate to milliseconds.
    /// </summary>
    public TimeSpan Age { get; init; }

    /// <summary>What keeps the memory of the payload, as long as the message waits to be leased.</summary>
    internal BodySegment? Segment { get; init; }

    /// <summary>The payload of the message.</summary>
    public ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>The payload as text, decoded from UTF-8. Each call allocates a string.</summary>
    public string Text => Encoding.UTF8.GetString(Payload.Span);
}
