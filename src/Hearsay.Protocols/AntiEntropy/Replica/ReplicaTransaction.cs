using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Rows;

namespace Hearsay.Protocols.AntiEntropy.Replica;

/// <summary>What is committed at once.</summary>
/// <param name="Added">New rows with their digests.</param>
/// <param name="Dropped">Rows that are no longer there.</param>
/// <param name="Claims">What is claimed from now on.</param>
/// <param name="Log">What that means for the log of removals, for stores that keep it in pieces.</param>
internal sealed record ReplicaTransaction(
    IReadOnlyList<KeyValuePair<MapRow, UInt128>> Added, IReadOnlyList<RowClaim> Dropped, ReplicaClaims Claims,
    LogChange Log);
