using Hearsay.Protocols.AntiEntropy.Dots;

namespace Hearsay.Protocols.AntiEntropy.Rows;

/// <summary>A context as a peer told it briefly: see <see cref="BriefContext"/>.</summary>
/// <param name="Known">What the peer has seen of the epochs that are known here.</param>
/// <param name="Epochs">The epochs that it told, in their order; null for one that is not known here.</param>
/// <param name="Parts">Which folded epochs are among them.</param>
/// <param name="IsWhole">
/// Whether the other folded epochs are the same here. If not, less is known than the peer has seen, and it has to tell
/// more.
/// </param>
internal sealed record BriefTold(CausalContext Known, IReadOnlyList<EpochId?> Epochs, FoldParts Parts, bool IsWhole)
{
    /// <summary>Nothing was told.</summary>
    public static BriefTold Nothing { get; } = new(CausalContext.Empty, [], FoldParts.All, IsWhole: true);
}
