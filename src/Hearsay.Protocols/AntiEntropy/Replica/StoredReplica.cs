using Hearsay.Protocols.AntiEntropy.Rows;

namespace Hearsay.Protocols.AntiEntropy.Replica;

/// <summary>What a store holds when it is opened.</summary>
/// <param name="Rows">All rows, each with the digest that was stored with it.</param>
/// <param name="Claims">What was claimed of them.</param>
internal sealed record StoredReplica(IEnumerable<KeyValuePair<MapRow, UInt128>> Rows, ReplicaClaims Claims)
{
    /// <summary>About how many rows there are; 0 if that is not known.</summary>
    public long AboutRows { get; init; }
}
