namespace Hearsay.AspNetCore.Maps;

/// <summary>What became of lines that were written into a map.</summary>
/// <param name="Lines">The number of lines.</param>
internal sealed record MapImportItem(long Lines);
