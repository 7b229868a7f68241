using System.Text.Json.Serialization;
using Hearsay.Settings;

namespace Hearsay.AspNetCore.Topics;

/// <summary>A message, as a stream and the message's own address show it.</summary>
/// <param name="Id">The same on every node.</param>
internal sealed record MessageItem(string Id)
{
    /// <summary>A payload up to this size is in the item; a longer one is at <see cref="Url"/>.</summary>
    public const int InlineBytes = 4096;

    /// <summary>The node that published it, as the message says.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Origin { get; init; }

    /// <summary>Its number among all messages of its publisher since that started.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ulong? Sequence { get; init; }

    /// <summary>The length of the payload.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Bytes { get; init; }

    /// <summary>The payload, if it is text in UTF-8 and short.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Text { get; init; }

    /// <summary>The payload, if it is no text and short.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public byte[]? Base64 { get; init; }

    /// <summary>Where the payload can be read while the node holds it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Url { get; init; }

    /// <summary>Whether the node still holds the payload; of the message's own address.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? IsHeld { get; init; }

    /// <summary>How far it got; of a message that was published here.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public MessageReach? Reach { get; init; }

    /// <summary>The address of a message's payload.</summary>
    public static string UrlOf(string topic, string id) => $"{AddressOf(topic, id)}/payload";

    /// <summary>The address of a message.</summary>
    public static string AddressOf(string topic, string id) =>
        $"/v1/topics/{Uri.EscapeDataString(topic)}/messages/{id}";

    /// <summary>A message that was received.</summary>
    public static MessageItem Of(in TopicMessage message)
    {
        var id = message.Id.ToString();
        var item = new MessageItem(id)
        {
            Origin = message.Origin.ToString(), Sequence = message.Sequence, Bytes = message.Payload.Length,
        };
        if (message.Payload.Length > InlineBytes)
        {
            return item with { Url = UrlOf(message.Topic, id) };
        }

        return StrictUtf8.TextOf(message.Payload.Span) is { } text
            ? item with { Text = text } : item with { Base64 = message.Payload.ToArray() };
    }
}
