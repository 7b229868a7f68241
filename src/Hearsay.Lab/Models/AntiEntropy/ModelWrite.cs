namespace Hearsay.Lab.Models.AntiEntropy;

/// <summary>What a write did.</summary>
/// <param name="Message">What other nodes are told.</param>
/// <param name="Written">The items that it wrote.</param>
internal sealed record ModelWrite(object Message, UInt128 Written);
