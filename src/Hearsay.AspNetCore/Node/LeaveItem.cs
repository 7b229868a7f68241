namespace Hearsay.AspNetCore.Node;

/// <summary>The outcome of a leave.</summary>
/// <param name="IsComplete">Whether other nodes are known to have all that was published here.</param>
/// <param name="IsKnown">Whether the node could ask its neighbours at all.</param>
/// <param name="NotHandedOver">The messages that no other node is known to have.</param>
internal sealed record LeaveItem(bool IsComplete, bool IsKnown, string[] NotHandedOver);
