using System.Runtime.CompilerServices;
using System.Text.Json;
using Hearsay.AspNetCore.Calls;
using Hearsay.AspNetCore.Errors;
using Hearsay.AspNetCore.Streams;
using Microsoft.AspNetCore.Http;

namespace Hearsay.AspNetCore.Maps;

/// <summary><c>/v1/maps</c>: reads, writes and watches replicated maps.</summary>
internal sealed class MapsResource(ServedNode served, EventStreams streams) : IDisposable
{
    private const int MaximumListed = 1_000;

    /// <summary>Changes that may wait for a stream.</summary>
    private const int WatchCapacity = 256;

    private readonly MapWriter _writer = new(served);
    private readonly MapTransfer _transfer = new(served);

    /// <summary>Adds the routes.</summary>
    public void Map(ServiceRoutes routes)
    {
        routes.Get("/v1/maps/{name}/keys/{key}", ReadAsync);
        routes.Get("/v1/maps/{name}/keys", ListAsync);
        routes.Get("/v1/maps/{name}/events", WatchAsync);
        routes.Get("/v1/maps/{name}/status", StatusAsync);
        _writer.Map(routes);
        _transfer.Map(routes);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _writer.Dispose();
        _transfer.Dispose();
    }

    private Task ReadAsync(HttpContext context)
    {
        var (map, key) = (MapField.Find(context, served.Node), MapField.Key(context));
        if (map is null || !map.TryGet(key, out var entry))
        {
            throw new ProblemException(Problems.Unknown("key", "The map does not have this key."));
        }

        context.Response.Headers.ETag = $"\"{entry.Version}\"";
        if (MapCondition.IsKnown(context, entry.Version))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        return CallBody.WriteAsync(context, MapKeyItem.Of(entry), MapsJson.Relaxed.MapKeyItem);
    }

    private Task ListAsync(HttpContext context)
    {
        var map = MapField.Find(context, served.Node);
        var limit = CallField.Count(context, "limit", 1, MaximumListed, MaximumListed);
        var after = CallField.Text(context, "after");
        var found = (map?.Snapshot().Entries(CallField.Text(context, "prefix"), after.Length > 0 ? after : null) ?? [])
            .Take(limit + 1).ToArray();
        var keys = found.Take(limit).Select(MapKeyItem.Of).ToArray();
        return CallBody.WriteAsync(
            context, new MapKeyList(keys, found.Length > limit), MapsJson.Relaxed.MapKeyList);
    }

    private async Task WatchAsync(HttpContext context)
    {
        var map = MapField.Map(context, served.Node);
        var prefix = CallField.Text(context, "prefix");
        try
        {
            await streams.SendOwnAsync(context, ended => EventsAsync(map, prefix, ended)).ConfigureAwait(false);
        }
        catch (InvalidOperationException full) when (full is not ObjectDisposedException)
        {
            throw new ProblemException(Problems.Full("streams", full.Message));
        }
    }

    private async Task StatusAsync(HttpContext context)
    {
        var map = MapField.Known(context, served.Node);
        var status = await map.ReadStatusAsync(CallEnd.Of(context)).ConfigureAwait(false);
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
