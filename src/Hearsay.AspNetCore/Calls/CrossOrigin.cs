using Microsoft.AspNetCore.Http;

namespace Hearsay.AspNetCore.Calls;

/// <summary>Lets pages of named origins call (CORS), as browsers ask for it.</summary>
internal sealed class CrossOrigin(AccessRules access)
{
    /// <summary>What a page may send beside the usual.</summary>
    private const string Headers =
        "authorization, content-type, idempotency-key, if-match, if-none-match, last-event-id";

    private const string Exposed = "etag, location, retry-after";
    private const string Methods = "GET, PUT, POST, DELETE";

    /// <summary>A browser asks again after so many seconds.</summary>
    private const string MaximumAge = "600";

    /// <summary>A browser asks before it calls; it sends no token then.</summary>
    public Task PreflightAsync(HttpContext context)
    {
        var allows = access.Allows(context.Request.Headers.Origin.ToString());
        context.Response.StatusCode = allows ? StatusCodes.Status204NoContent : StatusCodes.Status403Forbidden;
        if (allows)
        {
            Mark(context);
            var headers = context.Response.Headers;
            headers.AccessControlAllowMethods = Methods;
            headers.AccessControlAllowHeaders = Headers;
            headers.AccessControlMaxAge = MaximumAge;
        }

        return Task.CompletedTask;
    }

    /// <summary>Tells the browser that the page may read the answer, if it may.</summary>
    public void Mark(HttpContext context)
    {
        var origin = context.Request.Headers.Origin;
        if (origin.Count > 0 && access.Allows(origin.ToString()))
        {
            var headers = context.Response.Headers;
            headers.AccessControlAllowOrigin = origin;
            headers.AccessControlExposeHeaders = Exposed;
            headers.Vary = "Origin";
        }
    }
}
