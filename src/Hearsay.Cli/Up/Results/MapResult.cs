namespace Hearsay.Cli.Up.Results;

/// <summary>How a map became equal again after a partition with writes on both sides.</summary>
/// <param name="Keys">How many keys it has at the end.</param>
/// <param name="SpreadMs">When all nodes had what all had written before the partition.</param>
/// <param name="HealedMs">When all were equal after the partition; null if they never were.</param>
/// <param name="LackedBytes">Keys and values that a node lacked when the partition healed, in the mean.</param>
/// <param name="ReceivedBytes">Bytes that a node then received in all until all were equal, in the mean.</param>
/// <param name="LostIncrements">Increments of both sides that the counter does not have.</param>
internal sealed record MapResult(
    int Keys, double SpreadMs, double? HealedMs, double LackedBytes, double ReceivedBytes, long LostIncrements);
