namespace Hearsay.AspNetCore.Samplers;

/// <summary>A sampler and the quality of its recent stream.</summary>
internal sealed record SamplerItem(
    string Name, string Policy, int LeaseSeconds, long Draws, long Fallbacks, double FallbackShare,
    double MeanAgeCycles, double DrawsPerCycle, double NewEntriesPerCycle, bool IsFreshEnough);
