namespace Hearsay.AspNetCore.Maps;

/// <summary>A key that was removed.</summary>
/// <param name="Key">The key.</param>
internal sealed record MapChangeItem(string Key);
