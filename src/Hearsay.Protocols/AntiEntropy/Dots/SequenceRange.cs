namespace Hearsay.Protocols.AntiEntropy.Dots;

/// <summary>Numbers from the first to the last, both included.</summary>
/// <param name="First">The least number.</param>
/// <param name="Last">The greatest number, not less than the first.</param>
internal readonly record struct SequenceRange(ulong First, ulong Last);
