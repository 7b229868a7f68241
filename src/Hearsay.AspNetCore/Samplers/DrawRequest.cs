namespace Hearsay.AspNetCore.Samplers;

/// <summary>How many peers to draw.</summary>
/// <param name="Count">Null for one.</param>
internal sealed record DrawRequest(int? Count = null);
