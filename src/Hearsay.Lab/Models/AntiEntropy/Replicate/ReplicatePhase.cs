namespace Hearsay.Lab.Models.AntiEntropy.Replicate;

/// <summary>What came in a part of a run: before the partition, while it lasts, or after it.</summary>
/// <param name="Name">Which part.</param>
/// <param name="Writes">How many writes there were in it.</param>
/// <param name="Payloads">What came, at all nodes together.</param>
/// <param name="Exchanges">Exchanges that were completed.</param>
internal sealed record ReplicatePhase(string Name, long Writes, PayloadCounts Payloads, long Exchanges);
