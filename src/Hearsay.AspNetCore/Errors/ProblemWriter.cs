using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Hearsay.AspNetCore.Errors;

/// <summary>Answers with a problem.</summary>
internal static class ProblemWriter
{
    /// <summary>The media type of problems.</summary>
    public const string MediaType = "application/problem+json";

    /// <summary>Writes it, if the answer has not begun.</summary>
    public static Task WriteAsync(HttpContext context, Problem problem)
    {
        var response = context.Response;
        if (response.HasStarted)
        {
            context.Abort();
            return Task.CompletedTask;
        }

        Clear(response);
        if (problem is { Status: StatusCodes.Status405MethodNotAllowed, Allowed: { } methods })
        {
            response.Headers.Allow = methods;
        }

        response.StatusCode = problem.Status;
        response.ContentType = MediaType;
        response.Headers.CacheControl = "no-store";
        if (problem.RetryAfterSeconds is { } seconds)
        {
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        if (problem.Status == StatusCodes.Status401Unauthorized)
        {
            response.Headers.WWWAuthenticate = "Bearer";
        }

        var body = JsonSerializer.SerializeToUtf8Bytes(problem, ProblemJson.Relaxed.Problem);
        response.ContentLength = body.Length;
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask : response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }

    /// <summary>Forgets what a handler has said, but not whose pages may read the answer.</summary>
    private static void Clear(HttpResponse response)
    {
        var headers = response.Headers;
        var (origin, exposed, vary) = (
            headers.AccessControlAllowOrigin, headers.AccessControlExposeHeaders, headers.Vary);
        response.Clear();
        headers.AccessControlAllowOrigin = origin;
        headers.AccessControlExposeHeaders = exposed;
        headers.Vary = vary;
    }
}
