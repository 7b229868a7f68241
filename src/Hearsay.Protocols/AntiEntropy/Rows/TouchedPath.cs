using Hearsay.Protocols.AntiEntropy.Dots;

namespace Hearsay.Protocols.AntiEntropy.Rows;

/// <summary>A path at which something happened, and all rows that are there now.</summary>
/// <param name="Path">The path.</param>
/// <param name="IsScope">Whether what is beneath it is meant too.</param>
/// <param name="Live">The rows.</param>
internal sealed record TouchedPath(RowPath Path, bool IsScope, IReadOnlyList<RowClaim> Live)
{
    /// <summary>Whether a row is at the path.</summary>
    public bool Includes(RowPath path) => IsScope ? path.IsWithin(Path) : path.Equals(Path);
}
