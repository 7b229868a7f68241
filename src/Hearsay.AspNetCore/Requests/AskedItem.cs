using System.Text.Json.Serialization;
using Hearsay.AspNetCore.Peers;
using Hearsay.Settings;

namespace Hearsay.AspNetCore.Requests;

/// <summary>A request of another node, as its taker sees it.</summary>
/// <param name="Key">What the answer names.</param>
/// <param name="From">Who asks.</param>
internal sealed record AskedItem(string Key, PeerItem From)
{
    /// <summary>The request, if it is text in UTF-8.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Text { get; init; }

    /// <summary>The request, if it is no text.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public byte[]? Base64 { get; init; }

    /// <summary>A request.</summary>
    public static AskedItem Of(WaitingRequest waiting)
    {
        var (item, payload) = (new AskedItem(waiting.Key, PeerItem.Of(waiting.Request.From)), waiting.Request.Payload);
        return StrictUtf8.TextOf(payload.Span) is { } text
            ? item with { Text = text } : item with { Base64 = payload.ToArray() };
    }
}
