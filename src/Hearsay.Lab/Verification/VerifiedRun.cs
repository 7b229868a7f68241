namespace Hearsay.Lab;

/// <summary>A run of the verification that is done.</summary>
/// <param name="Plan">What was run.</param>
/// <param name="Result">What it found.</param>
/// <param name="Duration">How long it took on its one thread.</param>
public sealed record VerifiedRun(PlannedRun Plan, ExperimentResult Result, TimeSpan Duration);
