using System.Text.Json.Serialization;
using Hearsay.AspNetCore.Health;
using Hearsay.AspNetCore.Peers;

namespace Hearsay.AspNetCore.Node;

/// <summary>Writes what is told of the node without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(NodeItem))]
[JsonSerializable(typeof(LeaveItem))]
[JsonSerializable(typeof(IdentityItem))]
[JsonSerializable(typeof(HealthItem))]
[JsonSerializable(typeof(PeerItem))]
[JsonSerializable(typeof(PeerList))]
internal sealed partial class NodeJson : JsonSerializerContext;
