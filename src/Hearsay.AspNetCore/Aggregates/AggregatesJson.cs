using System.Text.Json.Serialization;

namespace Hearsay.AspNetCore.Aggregates;

/// <summary>Reads and writes aggregates without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(DefinitionRequest))]
[JsonSerializable(typeof(ValueRequest))]
[JsonSerializable(typeof(AggregateItem))]
[JsonSerializable(typeof(AggregateList))]
[JsonSerializable(typeof(EstimateItem))]
internal sealed partial class AggregatesJson : JsonSerializerContext;
