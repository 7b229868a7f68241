namespace Hearsay.Lab.Experiments.AntiEntropy;

/// <summary>What one reconciliation cost until one side knew what differs.</summary>
/// <param name="Bytes">Both directions, without payload and pull lists.</param>
/// <param name="RoundTrips">Requests with their answers.</param>
/// <param name="Cells">Cells of a sketch until it decoded; null for other schemes.</param>
/// <param name="DecodeMs">Milliseconds of processor time of the decoding; null for other schemes.</param>
/// <param name="FalseTransfers">Ids that were sent though both sides have them.</param>
/// <param name="IsComplete">Whether exactly the difference was found.</param>
internal readonly record struct ReconcileCost(
    long Bytes, double RoundTrips, int? Cells, double? DecodeMs, long FalseTransfers, bool IsComplete);
