namespace Hearsay.Protocols.AntiEntropy;

/// <summary>How many other nodes must have a write, and who is told when they have it.</summary>
/// <param name="Nodes">How many other nodes.</param>
/// <param name="Limit">The most time for it, from when the write is durable here.</param>
/// <param name="Done">
/// Called inside the event loop with the nodes that have it: so many, or fewer when the time is over. It is not called
/// if the write came to nothing.
/// </param>
internal sealed record MapConfirm(int Nodes, TimeSpan Limit, Action<IReadOnlyList<NodeId>> Done);
