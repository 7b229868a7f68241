using System.Text.Json.Serialization;
using Hearsay.Protocols.AntiEntropy.Rows;
using Hearsay.Settings;

namespace Hearsay.AspNetCore.Maps;

/// <summary>A value, a counter, a set or a flag; all of them if nodes used one place in several ways.</summary>
internal record MapValueItem
{
    /// <summary>The value, if it is text in UTF-8.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Text { get; init; }

    /// <summary>The value, if it is no text.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public byte[]? Base64 { get; init; }

    /// <summary>
    /// All values, in base64, if nodes wrote several at the same time. The first is the one that all nodes show.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<byte[]>? Concurrent { get; init; }

    /// <summary>The sum of a counter.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Count { get; init; }

    /// <summary>The elements of a set.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Elements { get; init; }

    /// <summary>Whether a flag is raised.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? IsRaised { get; init; }

    /// <summary>When the first of all this expires; null if nothing of it does.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? Expires { get; init; }

    /// <summary>A field.</summary>
    public static MapValueItem Of(MapEntry entry) => new MapValueItem().With(entry);

    /// <summary>The same with what an entry has.</summary>
    protected MapValueItem With(MapEntry entry)
    {
        var values = entry.Values;
        var text = values is [var first, ..] ? StrictUtf8.TextOf(first.Span) : null;
        return this with
        {
            Text = text,
            Base64 = text is null && values is [var bytes, ..] ? bytes.ToArray() : null,
            Concurrent = values.Count > 1 ? [.. values.Select(static one => one.ToArray())] : null,
            Count = entry.OwnRows.Any(static row => row.Kind == RowKind.Share) ? entry.Count : null,
            Elements = entry.Elements is { Count: > 0 } elements ? elements : null,
            IsRaised = entry.IsRaised ? true : null,
            Expires = entry.Expires,
        };
    }
}
