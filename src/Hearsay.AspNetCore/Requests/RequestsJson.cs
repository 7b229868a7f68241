using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Hearsay.AspNetCore.Requests;

/// <summary>Writes requests without reflection, and their text as it is: it goes into no web page.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(AskedItem))]
internal sealed partial class RequestsJson : JsonSerializerContext
{
    /// <summary>The one that is used.</summary>
    public static RequestsJson Relaxed { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
