namespace Hearsay.Simulation;

/// <summary>A number about one node, for a trace. The first one of a trace colours the nodes of the picture.</summary>
/// <param name="Label">What it is, up to 80 characters.</param>
/// <param name="Least">The value of the first colour.</param>
/// <param name="Most">The value of the last colour.</param>
/// <param name="Read">
/// Reads it. It is called while the network stands still, also for nodes that do not run, and must change nothing.
/// </param>
public sealed record TraceValue(string Label, double Least, double Most, Func<VirtualNode, double> Read);
