using System.Runtime.InteropServices;

namespace Hearsay.Simulation;

/// <summary>How one rumor ended.</summary>
/// <param name="Residue">The share of the nodes that never heard it.</param>
/// <param name="Traffic">Messages with the rumor per node (Demers' m).</param>
/// <param name="Requests">Messages that only asked, per node.</param>
/// <param name="AverageCycle">The mean cycle in which those that heard it did; the source is not counted.</param>
/// <param name="LastCycle">The cycle in which the last of them did.</param>
/// <param name="Cycles">Cycles until nothing more could happen.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct RumorOutcome(
    double Residue, double Traffic, double Requests, double AverageCycle, int LastCycle, int Cycles);
