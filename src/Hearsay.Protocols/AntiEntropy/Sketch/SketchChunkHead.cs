namespace Hearsay.Protocols.AntiEntropy.Sketch;

/// <summary>What a chunk of cells says before its cells.</summary>
/// <param name="Items">How many symbols the sender's set has.</param>
/// <param name="First">The number of the first cell.</param>
/// <param name="CheckBytes">How much of a check is sent: 4 or 8 bytes.</param>
/// <param name="Count">How many cells follow.</param>
internal readonly record struct SketchChunkHead(long Items, int First, int CheckBytes, int Count);
