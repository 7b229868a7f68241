namespace Hearsay.Lab;

/// <summary>A curve of section 10.4 of the reference page: dead links after half of 10,000 nodes died.</summary>
/// <param name="Healing">H.</param>
/// <param name="Swap">S.</param>
/// <param name="Propagation">Which way descriptors travel.</param>
/// <param name="Points">Dead links at cycles after the crash.</param>
internal sealed record HealOracle(
    int Healing, int Swap, Propagation Propagation, IReadOnlyList<(int Cycle, int DeadLinks)> Points);
