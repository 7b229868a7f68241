namespace Hearsay.Lab.Experiments.Sampling.Overlay;

/// <summary>One run of the growing experiment.</summary>
/// <param name="Preset">Which (H, S).</param>
/// <param name="Propagation">Push or pushpull.</param>
/// <param name="Run">Its number, from 0.</param>
internal sealed record GrowingVariant(string Preset, Propagation Propagation, int Run);
