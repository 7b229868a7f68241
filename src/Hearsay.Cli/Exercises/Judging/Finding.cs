namespace Hearsay.Cli.Exercises.Judging;

/// <summary>What was found out about one property of a solution.</summary>
/// <param name="Property">The property.</param>
/// <param name="Breach">What was given and what was seen; null if it holds.</param>
internal sealed record Finding(string Property, string? Breach);
