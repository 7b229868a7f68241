namespace Hearsay.AspNetCore.Samplers;

/// <summary>What a caller asks a sampler for.</summary>
/// <param name="Policy">Its policy; null for the default one.</param>
/// <param name="LeaseSeconds">How long it is kept after its last use; null for a minute.</param>
internal sealed record SamplerRequest(string? Policy = null, int? LeaseSeconds = null);
