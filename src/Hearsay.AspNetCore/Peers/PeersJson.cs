using System.Text.Json.Serialization;

namespace Hearsay.AspNetCore.Peers;

/// <summary>Writes peers without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(PeerItem))]
[JsonSerializable(typeof(PeerList))]
[JsonSerializable(typeof(PeerMetadata))]
internal sealed partial class PeersJson : JsonSerializerContext;
