namespace Hearsay.Cli.Up.Results;

/// <summary>What the nodes of a network agreed on.</summary>
/// <param name="Truth">The mean of their numbers.</param>
/// <param name="Estimate">What the first node says.</param>
/// <param name="LargestError">How far the node that is furthest off is off.</param>
/// <param name="NetworkSize">How many nodes they think there are; null if they do not know yet.</param>
/// <param name="Epoch">In which epoch.</param>
internal sealed record AggregateResult(
    double Truth, double Estimate, double LargestError, double? NetworkSize, long Epoch);
