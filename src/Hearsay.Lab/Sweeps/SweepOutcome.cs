namespace Hearsay.Lab.Sweeps;

/// <summary>What became of a sweep.</summary>
/// <param name="Present">Runs that were in the file already.</param>
/// <param name="Ran">Runs done now.</param>
/// <param name="Refused">Runs left out because their options do not go together.</param>
/// <param name="FirstRefusal">Why, of one of them.</param>
internal sealed record SweepOutcome(int Present, int Ran, int Refused, string? FirstRefusal);
