using System.Text.Json.Serialization;
using Hearsay.AspNetCore.Calls;

namespace Hearsay.AspNetCore.Topics;

/// <summary>Writes messages without reflection, and their text as it is: it goes into no web page.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(MessageItem))]
[JsonSerializable(typeof(PublishedItem))]
[JsonSerializable(typeof(LaggedItem))]
internal sealed partial class TopicsJson : JsonSerializerContext
{
    /// <summary>The one that is used.</summary>
    public static TopicsJson Relaxed { get; } = new(PlainJson.Options());
}
