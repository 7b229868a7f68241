using System.Collections;
using Hearsay.Protocols.AntiEntropy.Dots;

namespace Hearsay.Protocols.AntiEntropy.Rows;

/// <summary>Which rows some entries are.</summary>
/// <param name="entries">The entries. They do not change any more.</param>
internal sealed class ClaimsOf(List<RowEntry> entries) : IReadOnlyList<RowClaim>
{
    /// <inheritdoc/>
    public int Count => entries.Count;

    /// <inheritdoc/>
    public RowClaim this[int index] => entries[index].Claim;

    /// <inheritdoc/>
    public IEnumerator<RowClaim> GetEnumerator() => entries.Select(static entry => entry.Claim).GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
