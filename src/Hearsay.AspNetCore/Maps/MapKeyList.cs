namespace Hearsay.AspNetCore.Maps;

/// <summary>Keys of a map, in order.</summary>
/// <param name="Keys">What the map has under them.</param>
/// <param name="IsMore">Whether there are more keys after the last one: ask again with <c>after</c>.</param>
internal sealed record MapKeyList(IReadOnlyList<MapKeyItem> Keys, bool IsMore);
