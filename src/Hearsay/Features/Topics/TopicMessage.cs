using System.Runtime.InteropServices;
using System.Text;
using Hearsay.Protocols;

namespace Hearsay;

/// <summary>A message as a subscriber gets it, or the notice that messages were missed.</summary>
/// <remarks>
/// A value that may be kept and passed to any thread. All subscribers of a node share the payload: do not write to it.
/// </remarks>
[StructLayout(LayoutKind.Auto)]
public readonly record struct TopicMessage
{
    /// <summary>
    /// How many messages this reader did not get; 0 for a message. They were dropped because it was too slow, came too
    /// late for its order, were large and had to be given up by this node, or never came and are held by nobody any
    /// more. Of those that never came nobody
    /// here knows the topic, so all of their publisher count: more than were missed of this topic, never less.
    /// </summary>
    public long Missed { get; init; }

    /// <summary>Whether this is no message but the notice that some were missed.</summary>
    public bool IsLagged => Missed > 0;

    /// <summary>The topic.</summary>
    public string Topic { get; init; }

    /// <summary>The message's name, the same on every node.</summary>
    public BroadcastId Id { get; init; }

    /// <summary>Who published it, as the message says.</summary>
    public NodeId Origin { get; init; }

    /// <summary>Which of the publisher's lives; <see cref="Sequence"/> starts again with each.</summary>
    public ulong Incarnation { get; init; }

    /// <summary>The how-manieth message of its publisher's life, from 1, over all topics.</summary>
    public ulong Sequence { get; init; }

    /// <summary>Over how many links it came; 0 for this node's own.</summary>
    public int Hops { get; init; }

    /// <summary>
    /// How long before its arrival it was published, by the clocks of the nodes on its way; good to milliseconds.
    /// </summary>
    public TimeSpan Age { get; init; }

    /// <summary>What was published.</summary>
    public ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>The payload as UTF-8 text; allocates.</summary>
    public string Text => Encoding.UTF8.GetString(Payload.Span);
}
