namespace Hearsay.Protocols.AntiEntropy.Dots;

/// <summary>One path of an event that was seen, where the other paths of that event are not known to have
/// been.</summary>
/// <param name="Dot">The event.</param>
/// <param name="Path">The path.</param>
internal readonly record struct RowClaim(Dot Dot, RowPath Path) : IComparable<RowClaim>
{
    /// <summary>Orders claims by dot and path.</summary>
    public int CompareTo(RowClaim other) =>
        Dot.CompareTo(other.Dot) is not 0 and var order ? order : Path.CompareTo(other.Path);
}
