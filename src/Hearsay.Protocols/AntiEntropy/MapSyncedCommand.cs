namespace Hearsay.Protocols.AntiEntropy;

/// <summary>There is news of what the store of a map has made durable, or could not.</summary>
/// <param name="Name">The map.</param>
internal sealed record MapSyncedCommand(string Name);
