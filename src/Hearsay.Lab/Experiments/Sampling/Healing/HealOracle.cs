namespace Hearsay.Lab.Experiments.Sampling.Healing;

/// <summary>A known curve: dead links after half of 10,000 nodes died.</summary>
/// <param name="Healing">H.</param>
/// <param name="Swap">S.</param>
/// <param name="Propagation">Which way descriptors travel.</param>
/// <param name="Points">Dead links at cycles after the crash.</param>
internal sealed record HealOracle(
    int Healing, int Swap, Propagation Propagation, IReadOnlyList<(int Cycle, int DeadLinks)> Points);
