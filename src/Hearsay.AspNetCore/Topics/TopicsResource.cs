using Hearsay.AspNetCore.Calls;
using Hearsay.AspNetCore.Errors;
using Hearsay.AspNetCore.Streams;
using Hearsay.Protocols;
using Hearsay.Settings;
using Microsoft.AspNetCore.Http;

namespace Hearsay.AspNetCore.Topics;

/// <summary><c>/v1/topics</c>: publish, listen, and ask how far a message got.</summary>
internal sealed class TopicsResource(
    ServedNode served, HearsayHttpLimits limits, EventStreams streams, TimeProvider time) : IAsyncDisposable
{
    private readonly PublishedTable _published = new();
    private readonly TopicFeeds _feeds = new(limits, time);

    /// <summary>Adds the routes.</summary>
    public void Map(ServiceRoutes routes)
    {
        var publisher = new TopicPublisher(_published, time);
        routes.Post("/v1/topics/{name}/messages", context => publisher.PublishAsync(
            context, TopicOf(context), served.Node.Options.Broadcast!.MaximumPayloadBytes));
        routes.Get("/v1/topics/{name}/messages/{id}", MessageAsync);
        routes.Get("/v1/topics/{name}/messages/{id}/payload", PayloadAsync);
        routes.Get("/v1/topics/{name}/events", ListenAsync);
    }

    /// <summary>Does not listen any longer to what nobody reads.</summary>
    public Task SweepAsync() => _feeds.SweepAsync();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _feeds.DisposeAsync();

    private async Task ListenAsync(HttpContext context)
    {
        var feed = _feeds.Enter(TopicOf(context));
        try
        {
            await streams.SendAsync(context, feed.Log).ConfigureAwait(false);
        }
        finally
        {
            _feeds.Leave(feed);
        }
    }

    private async Task MessageAsync(HttpContext context)
    {
        var (topic, id) = (TopicOf(context), IdOf(context));
        var held = await topic.FindHeldAsync(id).ConfigureAwait(false);
        var published = _published.Find(id.ToString());
        if (held is null && published is null)
        {
            throw NotHeld();
        }

        var item = held is { } message ? MessageItem.Of(message) : new MessageItem(id.ToString());
        await CallBody.WriteAsync(
            context,
            item with { IsHeld = held is not null, Reach = published is null ? null : MessageReach.Of(published) },
            TopicsJson.Relaxed.MessageItem).ConfigureAwait(false);
    }

    private async Task PayloadAsync(HttpContext context)
    {
        var held = await TopicOf(context).FindHeldAsync(IdOf(context)).ConfigureAwait(false) ?? throw NotHeld();
        context.Response.ContentType = "application/octet-stream";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.ContentLength = held.Payload.Length;
        await context.Response.Body.WriteAsync(held.Payload, context.RequestAborted).ConfigureAwait(false);
    }

    private static ProblemException NotHeld() => new(Problems.Unknown(
        "message", "The node holds no such message of this topic (any more)."));

    private Topic TopicOf(HttpContext context)
    {
        var node = served.Node;
        if (node.Options.Broadcast is null)
        {
            throw new ProblemException(Problems.NotOffered("This node runs without broadcast, so it has no topics."));
        }

        try
        {
            return node.GetTopic(CallField.Name(context));
        }
        catch (ArgumentException wrong)
        {
            throw new ProblemException(Problems.Field(
                "name", $"1 to {BroadcastOptions.MaximumTopicBytes} bytes of UTF-8", ArgumentText.Of(wrong)));
        }
    }

    private static BroadcastId IdOf(HttpContext context)
    {
        var text = CallField.Name(context, "id");
        return NodeId.TryParse(text, out var id)
            ? new BroadcastId(id.High, id.Low)
            : throw new ProblemException(Problems.Field(
                "id", "32 hexadecimal digits", $"{CallField.Short(text)} is not the id of a message."));
    }
}
