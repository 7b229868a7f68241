using System.Text.Json.Serialization;

namespace Hearsay.Learning.Data;

/// <summary>Reads and writes the file of a standardisation without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(StandardisationFile))]
internal sealed partial class StandardisationJson : JsonSerializerContext;
