using System.Collections.Immutable;
using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Rows;

namespace Hearsay.Protocols.AntiEntropy.Replica;

/// <summary>What a replica says of its rows; it is stored in the transaction that changes them.</summary>
/// <param name="Context">The events that it has seen.</param>
/// <param name="IsTrusted">Whether a row that is covered and not here may be taken for removed.</param>
/// <param name="Root">The sum of the digests of all rows.</param>
/// <param name="Log">The latest removals, the oldest first.</param>
/// <param name="LogFloor">
/// The log may lack removals among these events. Who covers all of them can be told every removal that it lacks.
/// </param>
internal sealed record ReplicaClaims(
    CausalContext Context, bool IsTrusted, UInt128 Root, ImmutableQueue<LoggedRemoval> Log, CausalContext LogFloor)
{
    /// <summary>Those of a new replica.</summary>
    public static ReplicaClaims Empty { get; } = new(CausalContext.Empty, true, 0, [], CausalContext.Empty);
}
