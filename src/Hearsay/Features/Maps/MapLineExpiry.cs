using System.Text;
using System.Text.Json;
using Hearsay.Protocols.AntiEntropy.Rows;

namespace Hearsay.Features.Maps;

/// <summary>
/// When the parts of an entry end, in <see cref="MapLines"/>: in milliseconds since 1970, and 0 for what never ends.
/// What several rows keep ends with the last of them.
/// </summary>
internal static class MapLineExpiry
{
    /// <summary>Of what never ends.</summary>
    public const long Never = 0;

    /// <summary>What a line says of the entry as a whole: that of its value, else of its flag, else of all its
    /// elements.</summary>
    public static long Of(MapEntry entry)
    {
        if (entry.HasValue)
        {
            return entry.OwnRows.Where(static row => row.Kind is RowKind.Register or RowKind.MultiValue)
                .OrderByDescending(static row => row.Stamp).ThenByDescending(static row => row.Dot).First().Expiry;
        }

        return entry.IsRaised ? OfFlag(entry)
            : OfElements(entry).Values.Distinct().ToArray() is [var common] ? common : Never;
    }

    /// <summary>That of the flag, which is raised.</summary>
    public static long OfFlag(MapEntry entry) =>
        Last(entry.OwnRows.Where(static row => row.Kind == RowKind.Flag));

    /// <summary>Those of the elements.</summary>
    public static Dictionary<string, long> OfElements(MapEntry entry) => entry.OwnRows
        .Where(static row => row.Kind == RowKind.Element).GroupBy(static row => row.Path)
        .ToDictionary(static rows => Encoding.UTF8.GetString(rows.Key.Parts()[^1]), Last, StringComparer.Ordinal);

    /// <summary>Writes one that is not that of the entry.</summary>
    public static void Write(Utf8JsonWriter writer, long expiry)
    {
        if (expiry == Never)
        {
            writer.WriteNull("expires");
        }
        else
        {
            writer.WriteNumber("expires", expiry);
        }
    }

    /// <summary>Reads that of an entry or a part of it.</summary>
    /// <param name="part">An object with or without one.</param>
    /// <param name="otherwise">What holds if it says nothing.</param>
    public static long Read(JsonElement part, long otherwise) => !part.TryGetProperty("expires", out var expires)
        ? otherwise : expires.ValueKind == JsonValueKind.Null ? Never : Positive(expires.GetInt64());

    private static long Positive(long expiry) => expiry > 0
        ? expiry : throw new FormatException("'expires' is a number of milliseconds since 1970, or null.");

    private static long Last(IEnumerable<MapRow> rows)
    {
        var last = 0L;
        foreach (var row in rows)
        {
            if (row.Expiry == Never)
            {
                return Never;
            }

            last = Math.Max(last, row.Expiry);
        }

        return last;
    }
}
