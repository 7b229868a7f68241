using System.Text.Json.Serialization;
using Hearsay.AspNetCore.Calls;

namespace Hearsay.AspNetCore.Maps;

/// <summary>Reads and writes maps without reflection, and their text as it is: it goes into no web page.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(MapIncrementRequest))]
[JsonSerializable(typeof(MapValueItem))]
[JsonSerializable(typeof(MapKeyItem))]
[JsonSerializable(typeof(MapKeyList))]
[JsonSerializable(typeof(MapWriteItem))]
[JsonSerializable(typeof(MapChangeItem))]
[JsonSerializable(typeof(MapImportItem))]
[JsonSerializable(typeof(MapStatus))]
internal sealed partial class MapsJson : JsonSerializerContext
{
    /// <summary>The one that is used.</summary>
    public static MapsJson Relaxed { get; } = new(PlainJson.Options());
}
