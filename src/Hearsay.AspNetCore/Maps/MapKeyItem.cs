using System.Text.Json.Serialization;
using Hearsay.Settings;

namespace Hearsay.AspNetCore.Maps;

/// <summary>What a map has under a key.</summary>
/// <param name="Key">The key.</param>
/// <param name="Etag">Changes with every change of the key; the same on nodes that have the same under it.</param>
internal sealed record MapKeyItem(string Key, string Etag)
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

    /// <summary>An entry of a map.</summary>
    public static MapKeyItem Of(MapEntry entry)
    {
        var item = new MapKeyItem(entry.Key, entry.Version)
        {
            Count = entry.Count != 0 ? entry.Count : null,
            Elements = entry.Elements.Count > 0 ? entry.Elements : null,
            IsRaised = entry.IsRaised ? true : null,
        };
        if (!entry.HasValue)
        {
            return item;
        }

        var values = entry.Values;
        item = item with { Concurrent = values.Count > 1 ? [.. values.Select(static one => one.ToArray())] : null };
        return StrictUtf8.TextOf(entry.Bytes.Span) is { } text
            ? item with { Text = text } : item with { Base64 = entry.Bytes.ToArray() };
    }
}
