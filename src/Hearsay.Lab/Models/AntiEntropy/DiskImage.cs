using System.Collections.Immutable;
using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Replica;
using Hearsay.Protocols.AntiEntropy.Rows;

namespace Hearsay.Lab.Models.AntiEntropy;

/// <summary>Everything on a disk at one moment.</summary>
/// <param name="Rows">All rows with the digests stored beside them.</param>
/// <param name="Claims">What is claimed of them.</param>
internal sealed record DiskImage(
    ImmutableSortedDictionary<RowClaim, (MapRow Row, UInt128 Digest)> Rows, ReplicaClaims Claims)
{
    /// <summary>A new disk.</summary>
    public static DiskImage Empty { get; } =
        new(ImmutableSortedDictionary<RowClaim, (MapRow, UInt128)>.Empty, ReplicaClaims.Empty);

    /// <summary>Without a row, and with a root that does not tell: nobody would notice.</summary>
    public DiskImage Forget(RowClaim claim) => Rows.TryGetValue(claim, out var row)
        ? new(Rows.Remove(claim), Claims with { Root = unchecked(Claims.Root - row.Digest) }) : this;
}
