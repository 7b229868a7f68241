using Hearsay.Protocols.AntiEntropy.Dots;

namespace Hearsay.Protocols.AntiEntropy;

/// <summary>Waits until other nodes have an event, and asks them.</summary>
/// <param name="Name">The map.</param>
/// <param name="Dot">The event.</param>
/// <param name="Nodes">How many other nodes.</param>
/// <param name="Limit">The most time for it.</param>
/// <param name="Done">
/// Called inside the event loop with the nodes that have it: so many, or fewer when the time is over or too many wait.
/// </param>
internal sealed record MapConfirmCommand(
    string Name, Dot Dot, int Nodes, TimeSpan Limit, Action<IReadOnlyList<NodeId>> Done);
