using Hearsay.Protocols.AntiEntropy.Dots;

namespace Hearsay.Protocols.AntiEntropy.Rows;

/// <summary>What one event has written at one path. A row never changes: it is replaced by an event or removed by one.
/// </summary>
/// <param name="Path">Where it is.</param>
/// <param name="Dot">The event that wrote it.</param>
/// <param name="Kind">How it is read.</param>
/// <param name="Stamp">Decides among concurrent rows of a register; nothing else follows from it.</param>
/// <param name="Expiry">The instant in milliseconds since 1970 from which on it is hidden; 0 for never.</param>
/// <param name="IsWhole">Whether its event did nothing else: who has this row has seen the whole event.</param>
/// <param name="Value">The value.</param>
internal sealed record MapRow(
    RowPath Path, Dot Dot, RowKind Kind, ulong Stamp, long Expiry, bool IsWhole, ReadOnlyMemory<byte> Value)
{
    /// <summary>What is kept of it in memory.</summary>
    /// <param name="digest">Of all its fields.</param>
    public RowEntry ToEntry(UInt128 digest) => new(Path, Dot, Kind, Stamp, Expiry, IsWhole, digest);
}
