namespace Hearsay.AspNetCore.Maps;

/// <summary>What is added to a counter.</summary>
/// <param name="Amount">Negative to subtract; null for 1.</param>
internal sealed record MapIncrementRequest(long? Amount = null);
