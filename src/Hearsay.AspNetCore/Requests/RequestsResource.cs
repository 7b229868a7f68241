using Hearsay.AspNetCore.Calls;
using Hearsay.AspNetCore.Errors;
using Hearsay.AspNetCore.Peers;
using Hearsay.Settings;
using Microsoft.AspNetCore.Http;

namespace Hearsay.AspNetCore.Requests;

/// <summary><c>/v1/peers/ID/requests/NAME</c>: asks one peer of the view, and answers with its answer.</summary>
internal sealed class RequestsResource(ServedNode served)
{
    /// <summary>Adds the route.</summary>
    public void Map(ServiceRoutes routes) => routes.Post("/v1/peers/{id}/requests/{name}", AskAsync);

    private async Task AskAsync(HttpContext context)
    {
        if (served.Node.Options.Requests is null)
        {
            throw new ProblemException(Problems.NotOffered("This node runs without requests."));
        }

        var peer = PeerField.Of(context, served.Node);
        var payload = await CallBody.ReadAsync(context, RequestOptions.LargestPayloadBytes).ConfigureAwait(false);
        var answer = await AskAsync(context, peer, CallField.Name(context), payload).ConfigureAwait(false);
        context.Response.ContentType = "application/octet-stream";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.ContentLength = answer.Payload.Length;
        await context.Response.Body.WriteAsync(answer.Payload, context.RequestAborted).ConfigureAwait(false);
    }

    private async Task<PeerResponse> AskAsync(
        HttpContext context, Peer peer, string name, ReadOnlyMemory<byte> payload)
    {
        try
        {
            return await served.Node.RequestAsync(peer, name, payload, CallEnd.Of(context)).ConfigureAwait(false);
        }
        catch (ArgumentException wrong)
        {
            throw new ProblemException(Problems.Field("name", "1 to 64 bytes of UTF-8", ArgumentText.Of(wrong)));
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            // The host stops. The request may be on its way: whoever asks again may ask twice.
            throw new ProblemException(Problems.Stopped() with { MayHaveRun = true, RetryAfterSeconds = null });
        }
        catch (RequestException failed)
        {
            throw new ProblemException(ProblemOf(failed));
        }
    }

    private static Problem ProblemOf(RequestException failed)
    {
        var (status, type, title) = failed.Failure switch
        {
            RequestFailure.NoHandler => (404, "no-handler", "The peer does not handle requests of this name"),
            RequestFailure.Busy => (503, "peer-busy", "The peer is busy"),
            RequestFailure.TooMany => (429, "too-many-calls", "The node waits for too many answers"),
            RequestFailure.HandlerFailed => (502, "handler-failed", "The handler of the peer failed"),
            RequestFailure.Unreachable => (502, "unreachable", "The peer has no address that the node can reach"),
            _ => (504, "no-answer", "The peer did not answer"),
        };
        return new Problem(status, type, title, failed.Message)
        {
            MayHaveRun = failed.MayHaveRun,
            RetryAfterSeconds = failed is { IsTransient: true, MayHaveRun: false } ? 1 : null,
        };
    }
}
