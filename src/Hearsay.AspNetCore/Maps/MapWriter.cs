using Hearsay.AspNetCore.Calls;
using Hearsay.AspNetCore.Errors;
using Microsoft.AspNetCore.Http;

namespace Hearsay.AspNetCore.Maps;

/// <summary>The calls that change maps: keys, and fields beneath keys.</summary>
/// <remarks>
/// <c>If-Match</c> and <c>If-None-Match</c> compare with what this node has under the key, and hold against other
/// callers of this service. A node elsewhere may write at the same time; then both values are there.
/// </remarks>
internal sealed class MapWriter(ServedNode served) : IDisposable
{
    private const string Key = "/v1/maps/{name}/keys/{key}";
    private const string Field = Key + "/fields/{field}";

    /// <summary>One conditional write at a time.</summary>
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Adds the routes.</summary>
    public void Map(ServiceRoutes routes)
    {
        foreach (var place in (string[])[Key, Field])
        {
            routes.Put(place, SetAsync);
            routes.Delete(place, RemoveAsync);
            routes.Post(place + "/increments", IncrementAsync);
            routes.Put(place + "/elements/{element}", AddAsync);
            routes.Delete(place + "/elements/{element}", RemoveElementAsync);
            routes.Put(place + "/flag", RaiseAsync);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private async Task SetAsync(HttpContext context)
    {
        var place = new MapPlace(context, served.Node, expires: true);
        var value = await CallBody.ReadAsync(context, MapOptions.LargestValueBytes).ConfigureAwait(false);
        await WriteAsync(context, place, () => place.SetAsync(value)).ConfigureAwait(false);
    }

    private async Task IncrementAsync(HttpContext context)
    {
        var place = new MapPlace(context, served.Node, expires: false);
        var asked = await CallBody.ReadJsonAsync(context, MapsJson.Relaxed.MapIncrementRequest).ConfigureAwait(false);
        if (asked.Amount == long.MinValue)
        {
            throw new ProblemException(Problems.Field(
                "amount", $"a whole number from {long.MinValue + 1} to {long.MaxValue}", "'amount' is too small."));
        }

        await WriteAsync(context, place, () => place.IncrementAsync(asked.Amount ?? 1)).ConfigureAwait(false);
    }

    private Task RemoveAsync(HttpContext context) => RemoveAsync(context, static place => place.RemoveAsync());

    private Task RaiseAsync(HttpContext context) =>
        WriteAsync(context, static place => place.RaiseAsync(), expires: true);

    private Task AddAsync(HttpContext context)
    {
        var element = MapField.Element(context);
        return WriteAsync(context, place => place.AddAsync(element), expires: true);
    }

    private Task RemoveElementAsync(HttpContext context)
    {
        var element = MapField.Element(context);
        return RemoveAsync(context, place => place.RemoveAsync(element));
    }

    /// <summary>Of a map that the node does not hold there is nothing to remove, and none is made.</summary>
    private Task RemoveAsync(HttpContext context, Func<MapPlace, Task<MapWrite>> remove)
    {
        if (MapField.Find(context, served.Node) is not null || context.Request.Headers.IfMatch.Count > 0
            || MapField.TimeToLive(context) is not null)
        {
            return WriteAsync(context, remove);
        }

        _ = (MapField.Key(context), MapField.FieldOf(context), MapField.Concern(context));
        return CallBody.WriteAsync(context, new MapWriteItem(false, []), MapsJson.Relaxed.MapWriteItem);
    }

    private Task WriteAsync(HttpContext context, Func<MapPlace, Task<MapWrite>> write, bool expires = false)
    {
        var place = new MapPlace(context, served.Node, expires);
        return WriteAsync(context, place, () => write(place));
    }

    private async Task WriteAsync(HttpContext context, MapPlace place, Func<Task<MapWrite>> write)
    {
        var done = await MapCondition.WriteAsync(context, place.Map, place.Key, _turn, write).ConfigureAwait(false);
        if (place.Map.TryGet(place.Key, out var entry))
        {
            context.Response.Headers.ETag = $"\"{entry.Version}\"";
        }

        await CallBody.WriteAsync(
            context, new MapWriteItem(done.IsChanged, [.. done.Nodes.Select(static node => node.ToString())]),
            MapsJson.Relaxed.MapWriteItem).ConfigureAwait(false);
    }
}
