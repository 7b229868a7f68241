namespace Hearsay.Simulation;

/// <summary>Distances in the undirected overlay, from some nodes to all that can be reached from them.</summary>
/// <param name="Mean">The mean distance over pairs of distinct nodes; 0 if there is no such pair.</param>
/// <param name="StandardError">The standard error of the mean as an estimate over all sources; 0 if all nodes were
/// sources.</param>
/// <param name="Longest">The longest distance found: the diameter (of the component that has the longest) if all nodes
/// were sources, else a lower bound of it.</param>
/// <param name="Sources">How many nodes were sources.</param>
public readonly record struct PathLengths(double Mean, double StandardError, int Longest, int Sources);
