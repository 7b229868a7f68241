using System.Text;
using System.Text.Json.Serialization;
using Hearsay.AspNetCore.Peers;

namespace Hearsay.AspNetCore.Requests;

/// <summary>A request of another node, as its taker sees it.</summary>
/// <param name="Key">What the answer names.</param>
/// <param name="From">Who asks.</param>
internal sealed record AskedItem(string Key, PeerItem From)
{
    private static readonly UTF8Encoding s_strict = new(false, throwOnInvalidBytes: true);

    /// <summary>The request, if it is text in UTF-8.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Text { get; init; }

    /// <summary>The request, if it is no text.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public byte[]? Base64 { get; init; }

    /// <summary>A request.</summary>
    public static AskedItem Of(WaitingRequest waiting)
    {
        var item = new AskedItem(waiting.Key, PeerItem.Of(waiting.Request.From));
        try
        {
            return item with { Text = s_strict.GetString(waiting.Request.Payload.Span) };
        }
        catch (DecoderFallbackException)
        {
            return item with { Base64 = waiting.Request.Payload.ToArray() };
        }
    }
}
