namespace Hearsay.Protocols.AntiEntropy.Sketch;

/// <summary>The cells of a set as they were at one moment. A reconciliation works on it from beginning to
/// end.</summary>
/// <param name="Cells">The first M cells.</param>
/// <param name="Items">How many symbols were in the set.</param>
internal sealed record SketchSnapshot(SketchCell[] Cells, long Items);
