using System.Text.Json.Serialization;
using Hearsay.AspNetCore.Calls;

namespace Hearsay.AspNetCore.Requests;

/// <summary>Writes requests without reflection, and their text as it is: it goes into no web page.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(AskedItem))]
internal sealed partial class RequestsJson : JsonSerializerContext
{
    /// <summary>The one that is used.</summary>
    public static RequestsJson Relaxed { get; } = new(PlainJson.Options());
}
