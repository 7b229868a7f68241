using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Hearsay.AspNetCore.Calls;

/// <summary>A part of a path as the caller wrote it, before anything was decoded.</summary>
internal static class RawSegment
{
    /// <summary>
    /// The part that a field of the route stands for; null where that is not known: the server does not tell the
    /// target, or the path was rewritten.
    /// </summary>
    public static string? Of(HttpContext context, string field)
    {
        var target = context.Features.Get<IHttpRequestFeature>()?.RawTarget;
        if (string.IsNullOrEmpty(target) || context.GetEndpoint() is not RouteEndpoint route)
        {
            return null;
        }

        // From the end: what stands before the route may be the place of the application.
        var fromEnd = FromEnd(route.RoutePattern.PathSegments, field);
        var parts = target.Split('?')[0].TrimEnd('/').Split('/');
        if (fromEnd == 0 || fromEnd > parts.Length)
        {
            return null;
        }

        var (part, routed) = (parts[^fromEnd], context.Request.RouteValues[field] as string);
        return EscapedText.Decode(part, keepsSlashes: true) is not { } text || text == routed ? part : null;
    }

    private static int FromEnd(IReadOnlyList<RoutePatternPathSegment> segments, string field)
    {
        for (var i = 0; i < segments.Count; i++)
        {
            if (segments[i].Parts is [RoutePatternParameterPart { Name: var name }] && name == field)
            {
                return segments.Count - i;
            }
        }

        return 0;
    }
}
