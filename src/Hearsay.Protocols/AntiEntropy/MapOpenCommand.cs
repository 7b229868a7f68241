namespace Hearsay.Protocols.AntiEntropy;

/// <summary>Opens a map, so that this node holds it.</summary>
/// <param name="Name">The map.</param>
/// <param name="Done">Called inside the event loop: with false if the node has too many maps.</param>
internal sealed record MapOpenCommand(string Name, Action<bool>? Done = null);
