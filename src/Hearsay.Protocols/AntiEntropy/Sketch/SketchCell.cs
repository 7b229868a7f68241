namespace Hearsay.Protocols.AntiEntropy.Sketch;

/// <summary>
/// One cell of a rateless sketch. Cells are linear: those of one set minus those of another are the cells of what
/// differs.
/// </summary>
/// <param name="Sum">All symbols of the cell, XORed.</param>
/// <param name="Check">The hashes of all symbols of the cell, XORed.</param>
/// <param name="Count">How many symbols: added ones minus removed ones.</param>
internal readonly record struct SketchCell(ulong Sum, ulong Check, long Count)
{
    /// <summary>The cell with a symbol added (<paramref name="sign"/> is +1) or removed (-1).</summary>
    public SketchCell With(ulong symbol, ulong hash, int sign) =>
        new(Sum ^ symbol, Check ^ hash, unchecked(Count + sign));

    /// <summary>What is in this cell and not in the other, and the reverse with a count below zero.</summary>
    public SketchCell Minus(in SketchCell other) =>
        new(Sum ^ other.Sum, Check ^ other.Check, unchecked(Count - other.Count));
}
