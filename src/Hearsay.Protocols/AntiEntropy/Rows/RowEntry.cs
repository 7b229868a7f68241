using Hearsay.Protocols.AntiEntropy.Dots;

namespace Hearsay.Protocols.AntiEntropy.Rows;

/// <summary>What is kept of a row in memory: everything but its value.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Dot">The event that wrote it.</param>
/// <param name="Kind">How it is read.</param>
/// <param name="Stamp">Decides among concurrent rows of a register.</param>
/// <param name="Expiry">From which instant on it is hidden; 0 for never.</param>
/// <param name="IsWhole">Whether its event did nothing else.</param>
/// <param name="Digest">Of all fields of the row, its value included.</param>
internal readonly record struct RowEntry(
    RowPath Path, Dot Dot, RowKind Kind, ulong Stamp, long Expiry, bool IsWhole, UInt128 Digest)
{
    /// <summary>Which row it is.</summary>
    public RowClaim Claim => new(Dot, Path);

    /// <summary>What stands for the row in a sketch.</summary>
    public ulong Symbol => (ulong)Digest;

    /// <summary>Whether it is shown rather than a concurrent one.</summary>
    public bool Wins(in RowEntry other) =>
        Stamp != other.Stamp ? Stamp > other.Stamp : Dot.CompareTo(other.Dot) > 0;
}
