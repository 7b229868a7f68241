using System.Text;
using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Rows;

namespace Hearsay.Features.Maps;

/// <summary>All rows of one key, or a probe without rows. Immutable.</summary>
/// <param name="Path">The bytes that keys are ordered by.</param>
/// <param name="Rows">The rows, in no particular order.</param>
internal sealed record MapKeyState(ReadOnlyMemory<byte> Path, IReadOnlyList<MapRow> Rows) : IComparable<MapKeyState>
{
    /// <summary>The bytes of the keys and values of all rows.</summary>
    public long Bytes { get; } = Rows.Sum(static row => (long)row.Path.Bytes.Length + row.Value.Length);

    /// <summary>The key; text that no program of this library wrote may have replacement characters.</summary>
    public string Key => Encoding.UTF8.GetString(Rows[0].Path.Parts()[0]);

    /// <inheritdoc/>
    public int CompareTo(MapKeyState? other) => other is null ? 1 : Path.Span.SequenceCompareTo(other.Path.Span);

    /// <summary>With other rows.</summary>
    public MapKeyState With(IReadOnlySet<RowClaim> dropped, IEnumerable<MapRow> added) => new(
        Path, [.. Rows.Where(row => !dropped.Contains(new RowClaim(row.Dot, row.Path))), .. added]);
}
