using Hearsay.AspNetCore.Calls;
using Hearsay.AspNetCore.Errors;
using Microsoft.AspNetCore.Http;

namespace Hearsay.AspNetCore.Maps;

/// <summary>Writes to a map, if what the caller expects is there.</summary>
internal static class MapCondition
{
    /// <summary>Writes, one conditional write at a time.</summary>
    public static async Task<MapWrite> WriteAsync(
        HttpContext context, GossipMap map, string key, SemaphoreSlim turn, Func<Task<MapWrite>> write)
    {
        var headers = context.Request.Headers;
        if (headers.IfMatch.Count == 0 && headers.IfNoneMatch.Count == 0)
        {
            return await MapRefusals.TryAsync(write).ConfigureAwait(false);
        }

        if (context.Request.Query.ContainsKey("nodes"))
        {
            throw new ProblemException(Problems.Field(
                "nodes", "nothing, beside a condition",
                "A write with a condition does not wait for other nodes, since other callers wait for it."));
        }

        await turn.WaitAsync(CallEnd.Of(context)).ConfigureAwait(false);
        try
        {
            Check(headers, map.TryGet(key, out var entry) ? entry.Version : null);
            return await MapRefusals.TryAsync(write).ConfigureAwait(false);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Whether the caller has the current version of what it reads.</summary>
    public static bool IsKnown(HttpContext context, string version) =>
        context.Request.Headers.IfNoneMatch is { Count: > 0 } known
            && Names(known.ToString().Replace("W/\"", "\"", StringComparison.Ordinal), version);

    private static void Check(IHeaderDictionary headers, string? version)
    {
        if (headers.IfMatch.Count > 0 && !Names(headers.IfMatch.ToString(), version))
        {
            throw Failed("If-Match", version);
        }

        if (headers.IfNoneMatch.Count > 0 && Names(headers.IfNoneMatch.ToString(), version))
        {
            throw Failed("If-None-Match", version);
        }
    }

    private static bool Names(string header, string? version) => version is not null
        && (header.Trim() == "*" || header.Split(',').Any(tag => tag.Trim() == $"\"{version}\""));

    private static ProblemException Failed(string header, string? version) => new(new Problem(
        StatusCodes.Status412PreconditionFailed, "condition-failed", "The key has changed",
        version is null ? "The map does not have the key." : $"The key has the ETag \"{version}\".")
    {
        Field = header,
    });
}
