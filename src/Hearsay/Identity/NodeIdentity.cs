namespace Hearsay.Identity;

/// <summary>What outlives a process: who the node is, and the highest incarnation it had.</summary>
/// <param name="Id">The node's id.</param>
/// <param name="Incarnation">Its incarnation.</param>
internal readonly record struct NodeIdentity(NodeId Id, ulong Incarnation);
