using Hearsay.Protocols;

namespace Hearsay;

/// <summary>What became of what a node had published, when it left.</summary>
public sealed record LeaveResult
{
    /// <summary>Of a node that had nothing to hand over.</summary>
    internal static LeaveResult Nothing { get; } = new() { IsKnown = true };

    /// <summary>
    /// Messages published here within <see cref="BroadcastOptions.Retention"/> of which no other node is known to have
    /// all: nobody was there, or nobody said so in time. They may have arrived all the same.
    /// </summary>
    public IReadOnlyList<BroadcastId> NotHandedOver { get; init; } = [];

    /// <summary>
    /// Whether the node could ask at all; false where <see cref="GossipNodeOptions.LeaveTimeout"/> is 0,
    /// and where a protocol's handler hung.
    /// </summary>
    public bool IsKnown { get; init; }

    /// <summary>Whether another node is known to have everything.</summary>
    public bool IsComplete => IsKnown && NotHandedOver.Count == 0;
}
