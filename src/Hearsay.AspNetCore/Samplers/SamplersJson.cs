using System.Text.Json.Serialization;

namespace Hearsay.AspNetCore.Samplers;

/// <summary>Reads and writes samplers without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(SamplerRequest))]
[JsonSerializable(typeof(DrawRequest))]
[JsonSerializable(typeof(SamplerItem))]
internal sealed partial class SamplersJson : JsonSerializerContext;
