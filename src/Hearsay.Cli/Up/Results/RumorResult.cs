namespace Hearsay.Cli.Up.Results;

/// <summary>How rumors ran through a network.</summary>
/// <param name="Count">How many.</param>
/// <param name="Delivery">The share of all other nodes that heard them.</param>
/// <param name="PayloadsPerNode">Payloads sent for each node that was to hear one; 1 is the least possible.</param>
/// <param name="MedianMs">When half of the nodes had heard one.</param>
/// <param name="P99Ms">When 99 % had.</param>
/// <param name="LastMs">When the last one had.</param>
internal sealed record RumorResult(
    int Count, double Delivery, double PayloadsPerNode, double MedianMs, double P99Ms, double LastMs);
