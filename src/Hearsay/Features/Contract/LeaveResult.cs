using Hearsay.Protocols;

namespace Hearsay;

/// <summary>
/// The outcome of a leave: whether the messages that the node had published, and what was written to its maps, were
/// handed over. Immutable.
/// </summary>
public sealed record LeaveResult
{
    /// <summary>Of a node that had nothing to hand over.</summary>
    internal static LeaveResult Nothing { get; } = new() { IsKnown = true };

    /// <summary>
    /// The messages published here within <see cref="BroadcastOptions.Retention"/> that, as far as this node knows, no
    /// other node has completely. Either there was no other node, or none confirmed the message in time. The messages
    /// may have arrived all the same.
    /// </summary>
    public IReadOnlyList<BroadcastId> NotHandedOver { get; init; } = [];

    /// <summary>
    /// Whether the node could ask its neighbours at all. It is false if <see cref="GossipNodeOptions.LeaveTimeout"/> is
    /// 0, if the leave was cancelled, and if the handler of a protocol hung. It is also false if something was written
    /// to maps here since the start, and no other node is known to have all of it.
    /// </summary>
    public bool IsKnown { get; init; }

    /// <summary>
    /// Whether other nodes are known to have all messages: <see cref="IsKnown"/> is true, and
    /// <see cref="NotHandedOver"/> is empty. If all neighbours leave as well, a leaving neighbour counts as another
    /// node.
    /// </summary>
    public bool IsComplete => IsKnown && NotHandedOver.Count == 0;
}
