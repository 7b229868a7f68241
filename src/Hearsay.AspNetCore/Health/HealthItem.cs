namespace Hearsay.AspNetCore.Health;

/// <summary>What a probe is told.</summary>
/// <param name="State"><c>starting</c>, <c>healthy</c>, <c>isolated</c>, <c>stalled</c> or <c>stopped</c>.</param>
/// <param name="Peers">In the view.</param>
internal sealed record HealthItem(string State, int Peers);
