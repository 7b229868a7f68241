namespace Hearsay.Protocols.AntiEntropy.Sketch;

/// <summary>A symbol that was recovered, and the next cell from which it must still be removed.</summary>
/// <param name="Symbol">The symbol.</param>
/// <param name="Hash">Its hash.</param>
/// <param name="Sign">+1 if only the peer has it, -1 if only this side has it.</param>
/// <param name="Mapping">Stands at the first of its cells that has not come yet.</param>
internal readonly record struct RecoveredSymbol(ulong Symbol, ulong Hash, int Sign, SketchMapping Mapping);
