using Microsoft.AspNetCore.Http;

namespace Hearsay.AspNetCore.Errors;

/// <summary>Every problem that the service tells of, each type in one place.</summary>
internal static class Problems
{
    /// <summary>The view is empty.</summary>
    /// <param name="retryAfterSeconds">About when there may be a peer.</param>
    public static Problem NoPeer(int retryAfterSeconds) => new(
        StatusCodes.Status503ServiceUnavailable, "no-peer", "The node knows no peer",
        "The view of the node is empty: it has not joined yet, or it is alone.")
    {
        RetryAfterSeconds = retryAfterSeconds,
    };

    /// <summary>A field has a value that it does not take.</summary>
    public static Problem Field(string field, string allowed, string detail) => new(
        StatusCodes.Status400BadRequest, "invalid-field", "A field is not valid", detail)
    {
        Field = field, Allowed = allowed,
    };

    /// <summary>The body is no JSON of the expected form.</summary>
    public static Problem Json(string detail) => new(
        StatusCodes.Status400BadRequest, "invalid-json", "The body is not valid JSON", detail) { Field = "body" };

    /// <summary>The request itself is wrong, or its body is longer than the service takes of any.</summary>
    public static Problem Request(int status, string detail) => status == StatusCodes.Status413PayloadTooLarge
        ? new(status, "too-large", "The body is too large", detail) { Field = "body" }
        : new(status, "invalid-request", "The request is not valid", detail);

    /// <summary>There is nothing under this name.</summary>
    public static Problem Unknown(string what, string detail) => new(
        StatusCodes.Status404NotFound, "unknown-" + what, "There is no such " + what, detail);

    /// <summary>What is asked for cannot be together with what is there.</summary>
    public static Problem Conflict(string type, string title, string detail) => new(
        StatusCodes.Status409Conflict, type, title, detail);

    /// <summary>A body is longer than it may be.</summary>
    public static Problem TooLarge(string field, long maximumBytes) => new(
        StatusCodes.Status413PayloadTooLarge, "too-large", "The body is too large",
        $"The {field} has at most {maximumBytes} bytes.")
    {
        Field = field, Allowed = $"at most {maximumBytes} bytes",
    };

    /// <summary>There are more calls than the service takes.</summary>
    public static Problem TooManyCalls(int retryAfterSeconds, string detail) => new(
        StatusCodes.Status429TooManyRequests, "too-many-calls", "There are too many calls", detail)
    {
        RetryAfterSeconds = retryAfterSeconds,
    };

    /// <summary>All places are taken.</summary>
    public static Problem Full(string what, string detail, int retryAfterSeconds = 5) => new(
        StatusCodes.Status503ServiceUnavailable, "too-many-" + what, "All places are taken", detail)
    {
        RetryAfterSeconds = retryAfterSeconds,
    };

    /// <summary>The node does not run, or does not take this now.</summary>
    public static Problem Unavailable(string type, string title, string detail, int retryAfterSeconds = 1) => new(
        StatusCodes.Status503ServiceUnavailable, type, title, detail) { RetryAfterSeconds = retryAfterSeconds };

    /// <summary>The node has stopped, or the host stops.</summary>
    /// <param name="conflict">Why it has; null if it was told to.</param>
    public static Problem Stopped(Exception? conflict = null) => Unavailable(
        "stopped", "The node has stopped", conflict?.Message ?? "The node has left the network or is leaving it.");

    /// <summary>The node runs without what is asked for.</summary>
    public static Problem NotOffered(string detail) => new(
        StatusCodes.Status501NotImplemented, "not-offered", "The node runs without it", detail);

    /// <summary>The token is missing or wrong.</summary>
    public static Problem Unauthorized() => new(
        StatusCodes.Status401Unauthorized, "unauthorized", "The token is missing or wrong",
        "Send the header 'Authorization: Bearer TOKEN' with the token of the service.")
    {
        Field = "Authorization",
    };

    /// <summary>The call comes from where the service takes none.</summary>
    public static Problem Forbidden(string type, string detail, string field) => new(
        StatusCodes.Status403Forbidden, type, "The call is not accepted from there", detail) { Field = field };

    /// <summary>A defect of the service.</summary>
    public static Problem Internal() => new(
        StatusCodes.Status500InternalServerError, "internal", "The service failed",
        "The call ran into a defect of the service, which the log of the service shows. The node goes on.");
}
