using System.Security.Cryptography;
using Hearsay.AspNetCore.Calls;
using Hearsay.AspNetCore.Errors;
using Microsoft.AspNetCore.Http;

namespace Hearsay.AspNetCore.Topics;

/// <summary>Publishes the bodies of calls.</summary>
internal sealed class TopicPublisher(PublishedTable published, TimeProvider time)
{
    private readonly IdempotencyTable _keys = new(time);

    /// <summary>Publishes, and answers with the message's address.</summary>
    public async Task PublishAsync(HttpContext context, Topic topic, int maximumBytes)
    {
        var isTracked = CallField.Flag(context, "track");
        var key = KeyOf(context);
        var payload = await CallBody.ReadAsync(context, maximumBytes).ConfigureAwait(false);
        Task<PublishedItem> Publish() => PublishAsync(topic, payload, isTracked, CallEnd.Of(context));
        var (item, isReplayed) = key is null
            ? (await Publish().ConfigureAwait(false), false)
            : await _keys.OnceAsync(key, ContentOf(topic, payload), Publish).ConfigureAwait(false);
        context.Response.Headers.Location = item.Url;
        if (isReplayed)
        {
            context.Response.Headers["Idempotency-Replayed"] = "true";
        }

        await CallBody.WriteAsync(
            context, item, TopicsJson.Relaxed.PublishedItem, StatusCodes.Status202Accepted).ConfigureAwait(false);
    }

    private static string? KeyOf(HttpContext context)
    {
        if (!context.Request.Headers.TryGetValue("Idempotency-Key", out var key))
        {
            return null;
        }

        return key.ToString() is { Length: >= 1 and <= 128 } one && key.Count == 1
            ? one
            : throw new ProblemException(Problems.Field(
                "Idempotency-Key", "1 to 128 characters", "'Idempotency-Key' is not valid."));
    }

    private static string ContentOf(Topic topic, ReadOnlyMemory<byte> payload) =>
        $"{Convert.ToHexString(SHA256.HashData(payload.Span))} {topic.Name}";

    private async Task<PublishedItem> PublishAsync(
        Topic topic, ReadOnlyMemory<byte> payload, bool isTracked, CancellationToken cancellation)
    {
        try
        {
            var message = isTracked
                ? await topic.PublishTrackedAsync(payload, cancellation).ConfigureAwait(false)
                : await topic.PublishAsync(payload, cancellation).ConfigureAwait(false);
            published.Add(message);
            var id = message.Id.ToString();
            return new PublishedItem(id, MessageItem.AddressOf(topic.Name, id));
        }
        catch (HearsayException refused)
        {
            throw new ProblemException(Problems.Unavailable(
                "not-taken", "The node does not take the message now", refused.Message));
        }
    }
}
