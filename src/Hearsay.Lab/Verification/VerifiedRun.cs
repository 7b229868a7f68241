namespace Hearsay.Lab;

/// <summary>A run of the verification that is done.</summary>
/// <param name="Plan">What was run.</param>
/// <param name="Result">What it found.</param>
/// <param name="ProcessorTime">What it took of its one thread, whatever else the machine did.</param>
public sealed record VerifiedRun(PlannedRun Plan, ExperimentResult Result, TimeSpan ProcessorTime);
