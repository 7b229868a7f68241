using System.Runtime.CompilerServices;
using System.Text.Json;
using Hearsay.AspNetCore.Calls;
using Hearsay.AspNetCore.Errors;
using Hearsay.AspNetCore.Streams;
using Microsoft.AspNetCore.Http;

namespace Hearsay.AspNetCore.Maps;

/// <summary><c>/v1/maps</c>: reads, writes and watches replicated maps.</summary>
/// <remarks>
/// <c>If-Match</c> and <c>If-None-Match</c> compare with what this node has, and hold against other callers of this
/// service. A node elsewhere may write at the same time; then both values are there.
/// </remarks>
internal sealed class MapsResource(ServedNode served, EventStreams streams) : IDisposable
{
    private const int MaximumListed = 1_000;

    /// <summary>Changes that may wait for a stream.</summary>
    private const int WatchCapacity = 256;

    /// <summary>One conditional write at a time.</summary>
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Adds the routes.</summary>
    public void Map(ServiceRoutes routes)
    {
        routes.Get("/v1/maps/{name}/keys/{key}", ReadAsync);
        routes.Put("/v1/maps/{name}/keys/{key}", SetAsync);
        routes.Delete("/v1/maps/{name}/keys/{key}", RemoveAsync);
        routes.Get("/v1/maps/{name}/keys", ListAsync);
        routes.Get("/v1/maps/{name}/events", WatchAsync);
        routes.Get("/v1/maps/{name}/status", StatusAsync);
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private Task ReadAsync(HttpContext context)
    {
        var (map, key) = (MapField.Map(context, served.Node), MapField.Key(context));
        if (!map.TryGet(key, out var entry))
        {
            throw new ProblemException(Problems.Unknown("key", "The map does not have this key."));
        }

        context.Response.Headers.ETag = $"\"{entry.Version}\"";
        return CallBody.WriteAsync(context, MapKeyItem.Of(entry), MapsJson.Relaxed.MapKeyItem);
    }

    private async Task SetAsync(HttpContext context)
    {
        var (map, key) = (MapField.Map(context, served.Node), MapField.Key(context));
        var concern = MapField.Concern(context);
        var value = await CallBody.ReadAsync(context, MapOptions.LargestValueBytes).ConfigureAwait(false);
        await WriteAsync(context, map, key, () => map.SetAsync(key, value, concern, context.RequestAborted))
            .ConfigureAwait(false);
    }

    private Task RemoveAsync(HttpContext context)
    {
        var (map, key) = (MapField.Map(context, served.Node), MapField.Key(context));
        var concern = MapField.Concern(context);
        return WriteAsync(context, map, key, () => map.RemoveAsync(key, concern, context.RequestAborted));
    }

    private async Task WriteAsync(HttpContext context, GossipMap map, string key, Func<Task<MapWrite>> write)
    {
        var done = await MapCondition.WriteAsync(context, map, key, _turn, write).ConfigureAwait(false);
        if (map.TryGet(key, out var entry))
        {
            context.Response.Headers.ETag = $"\"{entry.Version}\"";
        }

        await CallBody.WriteAsync(
            context, new MapWriteItem(done.IsChanged, [.. done.Nodes.Select(static node => node.ToString())]),
            MapsJson.Relaxed.MapWriteItem).ConfigureAwait(false);
    }

    private Task ListAsync(HttpContext context)
    {
        var map = MapField.Map(context, served.Node);
        var limit = CallField.Count(context, "limit", 1, MaximumListed, MaximumListed);
        var after = MapField.Text(context, "after");
        var found = map.Entries(MapField.Text(context, "prefix"))
            .SkipWhile(entry => after.Length > 0 && MapField.IsUpTo(entry.Key, after)).Take(limit + 1).ToArray();
        var keys = found.Take(limit).Select(MapKeyItem.Of).ToArray();
        return CallBody.WriteAsync(
            context, new MapKeyList(keys, found.Length > limit), MapsJson.Relaxed.MapKeyList);
    }

    private Task WatchAsync(HttpContext context)
    {
        var map = MapField.Map(context, served.Node);
        var prefix = MapField.Text(context, "prefix");
        return streams.SendOwnAsync(context, ended => EventsAsync(map, prefix, ended));
    }

    private Task StatusAsync(HttpContext context) => WriteStatusAsync(context, MapField.Map(context, served.Node));

    private static async Task WriteStatusAsync(HttpContext context, GossipMap map)
    {
        var status = await map.ReadStatusAsync(context.RequestAborted).ConfigureAwait(false);
        await CallBody.WriteAsync(context, status, MapsJson.Relaxed.MapStatus).ConfigureAwait(false);
    }

    private static async IAsyncEnumerable<byte[]> EventsAsync(
        GossipMap map, string prefix, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var updates = map.WatchAsync(prefix, WatchCapacity, cancellation);
        await foreach (var update in updates.ConfigureAwait(false))
        {
            yield return update.IsLagged ? EventFrame.Lagged(update.Missed)
                : update.Entry is { } entry
                    ? EventFrame.Of(null, update.IsState ? "state" : "changed", JsonSerializer.SerializeToUtf8Bytes(
                        MapKeyItem.Of(entry), MapsJson.Relaxed.MapKeyItem))
                    : EventFrame.Of(null, "removed", JsonSerializer.SerializeToUtf8Bytes(
                        new MapChangeItem(update.Key), MapsJson.Relaxed.MapChangeItem));
        }
    }
}
