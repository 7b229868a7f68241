using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Rows;

namespace Hearsay.Protocols.AntiEntropy.Replica;

/// <summary>What a peer lacks that has told its context: the whole of it is applied in one transaction.</summary>
/// <param name="Base">The context that the peer told. What is in it and not here was left out.</param>
/// <param name="Context">What the sender has seen.</param>
/// <param name="Rows">Rows that the base does not cover.</param>
/// <param name="Removals">Removals that the base does not cover.</param>
/// <param name="Touched">
/// The paths of both, with what is there now: whatever else the peer has there and the sender has seen is gone.
/// </param>
internal sealed record ContextDifference(
    CausalContext Base, CausalContext Context, IReadOnlyList<MapRow> Rows, IReadOnlyList<LoggedRemoval> Removals,
    IReadOnlyList<TouchedPath> Touched);
