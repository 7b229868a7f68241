using System.Text.Json.Serialization;

namespace Hearsay.AspNetCore.Health;

/// <summary>Writes the health without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(HealthItem))]
internal sealed partial class HealthJson : JsonSerializerContext;
