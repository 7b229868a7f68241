using System.Text.Json.Serialization;

namespace Hearsay.AspNetCore.Maps;

/// <summary>What a map has under a key.</summary>
/// <param name="Key">The key.</param>
/// <param name="Etag">Changes with every change of the key; the same on nodes that have the same under it.</param>
internal sealed record MapKeyItem(string Key, string Etag) : MapValueItem
{
    /// <summary>The fields beneath the key, by their names.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, MapValueItem>? Fields { get; init; }

    /// <summary>An entry of a map.</summary>
    public static new MapKeyItem Of(MapEntry entry)
    {
        var item = (MapKeyItem)new MapKeyItem(entry.Key, entry.Version).With(entry);
        if (entry.Fields is not { Count: > 0 } all)
        {
            return item;
        }

        var fields = new Dictionary<string, MapValueItem>(all.Count);
        foreach (var field in all)
        {
            // Names that are not UTF-8, which no node of ours writes, may look the same.
            fields.TryAdd(field.Key, MapValueItem.Of(field));
        }

        return item with { Fields = fields };
    }
}
