namespace Hearsay.Lab.Experiments.Rumors;

/// <summary>A row of a published table.</summary>
/// <param name="Variant">Which way of spreading.</param>
/// <param name="K">k.</param>
/// <param name="Residue">The share of the nodes never reached, in the mean.</param>
/// <param name="Traffic">Messages with the rumor per node.</param>
/// <param name="LastCycle">The cycle in which the last node heard.</param>
/// <param name="Source">Where it stands.</param>
/// <param name="LastDigit">What the last printed digit of the cycle is worth; 0 if more are known.</param>
internal sealed record RumorOracle(
    string Variant, int K, double Residue, double Traffic, double LastCycle, string Source, double LastDigit = 0);
