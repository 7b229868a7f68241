using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Rows;

namespace Hearsay.Features.Maps;

/// <summary>All rows of one key; none if it was removed, or if this only looks for it. Immutable.</summary>
/// <param name="path">The key.</param>
/// <param name="text">The key as text; see <see cref="KeyNames"/>.</param>
/// <param name="rows">The rows, in no particular order.</param>
internal sealed class MapKeyState(RowPath path, string text, IReadOnlyList<MapRow> rows) : IComparable<MapKeyState>
{
    /// <summary>The key.</summary>
    public RowPath Path { get; } = path;

    /// <summary>The key as text; see <see cref="KeyNames"/>.</summary>
    public string Text { get; } = text;

    /// <summary>The rows, in no particular order.</summary>
    public IReadOnlyList<MapRow> Rows { get; } = rows;

    /// <summary>When the first of the rows expires, in milliseconds since 1970; <see cref="long.MaxValue"/> if none
    /// does.</summary>
    public long Expiry { get; } = ExpiryOf(rows);

    /// <summary>What applications see of it, before anything of it expires.</summary>
    public MapEntry Entry => field ??= new MapEntry(this);

    /// <summary>What applications see of it at a moment; null if it has nothing then.</summary>
    public MapEntry? EntryAt(long now)
    {
        if (now < Expiry)
        {
            return Entry;
        }

        var left = Rows.Where(row => row.Expiry == 0 || row.Expiry > now).ToArray();
        return left.Length == 0 ? null : new MapKeyState(Path, Text, left).Entry;
    }

    /// <summary>The bytes of the keys and values of all rows.</summary>
    public long Bytes { get; } = BytesOf(rows);

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

        return new MapKeyState(Path, Text, rows);
    }

    private static long ExpiryOf(IReadOnlyList<MapRow> rows)
    {
        var first = long.MaxValue;
        for (var i = 0; i < rows.Count; i++)
        {
            first = rows[i].Expiry == 0 ? first : Math.Min(first, rows[i].Expiry);
        }

        return first;
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
