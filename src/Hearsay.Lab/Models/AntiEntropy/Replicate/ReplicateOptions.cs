namespace Hearsay.Lab.Models.AntiEntropy.Replicate;

/// <summary>Whole nodes with a map that all of them write.</summary>
/// <param name="Nodes">How many.</param>
/// <param name="WritesPerSecond">Of all nodes together.</param>
/// <param name="Seconds">For how long they write.</param>
/// <param name="Loss">The share of datagrams that are lost.</param>
/// <param name="PartitionSeconds">How long the halves do not reach each other, from a quarter of the time on.</param>
/// <param name="Mode">How writes spread.</param>
/// <param name="Delays">What delays packets.</param>
/// <param name="Seed">Of everything.</param>
internal sealed record ReplicateOptions(
    int Nodes, int WritesPerSecond, int Seconds, double Loss, double PartitionSeconds, ReplicateMode Mode,
    ReplicateDelays Delays, ulong Seed);
