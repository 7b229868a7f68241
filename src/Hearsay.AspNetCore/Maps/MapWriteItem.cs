namespace Hearsay.AspNetCore.Maps;

/// <summary>What became of a write.</summary>
/// <param name="IsChanged">Whether the map changed.</param>
/// <param name="Nodes">Other nodes that are known to have it, as many as were asked for.</param>
internal sealed record MapWriteItem(bool IsChanged, IReadOnlyList<string> Nodes);
