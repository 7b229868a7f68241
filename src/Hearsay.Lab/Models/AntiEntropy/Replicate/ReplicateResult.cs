namespace Hearsay.Lab.Models.AntiEntropy.Replicate;

/// <summary>What came of it.</summary>
/// <param name="Writes">How many writes there were.</param>
/// <param name="ConvergedMsAfterHeal">
/// Milliseconds from the healing until every node had everything that any node had then; null if that never was.
/// </param>
/// <param name="EqualMsAfterWrites">Milliseconds from the last write until all nodes were equal; null likewise.</param>
/// <param name="LatencyMs">From a write to each other node, of writes before the partition.</param>
/// <param name="LostWrites">Increments that the counters do not show in the end.</param>
/// <param name="DivergentReplicas">Nodes that in the end differ from the first.</param>
/// <param name="Phases">What came when.</param>
/// <param name="PayloadsNeeded">Every write once at every other node.</param>
/// <param name="BytesReceived">Of all nodes, peer sampling included.</param>
/// <param name="Exchanges">Exchanges that were completed.</param>
/// <param name="ExchangeBytes">Bytes of the frames of exchanges and heartbeats.</param>
internal sealed record ReplicateResult(
    long Writes, double? ConvergedMsAfterHeal, double? EqualMsAfterWrites, IReadOnlyList<double> LatencyMs,
    long LostWrites, int DivergentReplicas, IReadOnlyList<ReplicatePhase> Phases, long PayloadsNeeded,
    long BytesReceived, long Exchanges, long ExchangeBytes)
{
    /// <summary>Events by broadcast, again and again, and rows by exchanges.</summary>
    public long PayloadsReceived => Phases.Sum(static phase => phase.Payloads.All);
}
