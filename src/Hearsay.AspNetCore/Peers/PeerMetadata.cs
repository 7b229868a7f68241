using System.Text.Json.Serialization;

namespace Hearsay.AspNetCore.Peers;

/// <summary>What a peer tells of itself.</summary>
/// <param name="Id">Of the peer.</param>
/// <param name="Metadata">In base 64.</param>
internal sealed record PeerMetadata(string Id, byte[] Metadata)
{
    /// <summary>The same as text, where it is text in UTF-8.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Text { get; init; }
}
