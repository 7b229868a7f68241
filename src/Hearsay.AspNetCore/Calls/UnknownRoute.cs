using Hearsay.AspNetCore.Errors;
using Microsoft.AspNetCore.Http;

namespace Hearsay.AspNetCore.Calls;

/// <summary>Answers calls that mean no route with a problem, in an application that serves nothing else.</summary>
internal static class UnknownRoute
{
    /// <summary>Goes before the routes.</summary>
    public static async Task HandleAsync(HttpContext context, RequestDelegate next, CallGate gate)
    {
        await next(context).ConfigureAwait(false);
        if (context.Response.HasStarted)
        {
            return;
        }

        if (context.Response.StatusCode == StatusCodes.Status404NotFound && context.Response.ContentLength is null)
        {
            await gate.RefuseUnknownAsync(context, Problems.Unknown(
                "route", "Nothing is served at this path. GET /v1/openapi.json tells what is.")).ConfigureAwait(false);
        }
        else if (context.Response.StatusCode == StatusCodes.Status405MethodNotAllowed)
        {
            var allowed = context.Response.Headers.Allow.ToString();
            await gate.RefuseUnknownAsync(context, Problems.Request(
                StatusCodes.Status405MethodNotAllowed, $"This path takes {allowed}.") with
            {
                Field = "method", Allowed = allowed,
            }).ConfigureAwait(false);
        }
    }
}
