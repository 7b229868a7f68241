using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Rows;

namespace Hearsay.Features.Maps;

/// <summary>All rows of one key; none if it was removed, or if this only looks for it. Immutable.</summary>
/// <param name="Path">The key.</param>
/// <param name="Rows">The rows, in no particular order.</param>
internal sealed record MapKeyState(RowPath Path, IReadOnlyList<MapRow> Rows) : IComparable<MapKeyState>
{
    /// <summary>The bytes of the keys and values of all rows.</summary>
    public long Bytes { get; } = BytesOf(Rows);

    /// <inheritdoc/>
    public int CompareTo(MapKeyState? other) => other is null ? 1 : Path.CompareTo(other.Path);

    /// <summary>With other rows.</summary>
    public MapKeyState With(IReadOnlyList<RowClaim> dropped, IReadOnlyList<KeyValuePair<MapRow, UInt128>> added)
    {
        var rows = new List<MapRow>(Rows.Count + 1);
        foreach (var row in Rows)
        {
            if (!dropped.Contains(new RowClaim(row.Dot, row.Path)))
            {
                rows.Add(row);
            }
        }

        foreach (var (row, _) in added)
        {
            if (row.Path.IsWithin(Path))
            {
                rows.Add(row);
            }
        }

        return new MapKeyState(Path, rows);
    }

    private static long BytesOf(IReadOnlyList<MapRow> rows)
    {
        var bytes = 0L;
        for (var i = 0; i < rows.Count; i++)
        {
            bytes += rows[i].Path.Bytes.Length + rows[i].Value.Length;
        }

        return bytes;
    }
}
