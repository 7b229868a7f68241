namespace Hearsay.Simulation;

/// <summary>A number about the whole network, for a trace. It is drawn as a curve.</summary>
/// <param name="Label">What it is, up to 80 characters.</param>
/// <param name="Unit">Its unit; empty if it has none.</param>
/// <param name="Read">Reads it. It is called while the network stands still, and must change nothing.</param>
public sealed record TraceMetric(string Label, string Unit, Func<VirtualNetwork, double> Read);
