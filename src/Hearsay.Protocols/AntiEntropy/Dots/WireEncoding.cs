namespace Hearsay.Protocols.AntiEntropy.Dots;

/// <summary>Writes something of unknown length.</summary>
/// <param name="writer">Where to. It fails if there is no room, and the same is written again with more.</param>
internal delegate void WireEncoding(ref WireWriter writer);
