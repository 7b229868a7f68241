namespace Hearsay.Features.Aggregates;

/// <summary>How far a node is with the epoch of its aggregates.</summary>
/// <param name="IsKnown">Whether it knows the epoch; a node that joins has to ask for it.</param>
/// <param name="TakesPart">Whether it takes part in it; who comes late waits for the next.</param>
/// <param name="Number">The epoch; 0 before one is known.</param>
/// <param name="Cycle">The cycles of it that have passed.</param>
/// <param name="Left">How long it still lasts.</param>
internal readonly record struct EpochProgress(
    bool IsKnown, bool TakesPart, long Number, int Cycle, TimeSpan Left);
