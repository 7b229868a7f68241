namespace Hearsay.Lab.Models;

/// <summary>How good the streams of some nodes are.</summary>
/// <param name="MeanScore">The mean over nodes of the standard score of χ² against uniform: 0 is ideal.</param>
/// <param name="ShareBeyondThree">The share of nodes whose score is beyond 3 either way.</param>
/// <param name="RepeatShare">The share of draws that gave the peer of the draw before.</param>
/// <param name="FallbackShare">The share of draws that were fallbacks.</param>
/// <param name="DistinctPeers">Distinct peers that a node was given, on average.</param>
internal sealed record StreamQuality(
    double MeanScore, double ShareBeyondThree, double RepeatShare, double FallbackShare, double DistinctPeers);
