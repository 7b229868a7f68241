using Hearsay.AspNetCore.Calls;
using Hearsay.AspNetCore.Errors;
using Hearsay.Settings;
using Microsoft.AspNetCore.Http;

namespace Hearsay.AspNetCore.Requests;

/// <summary><c>/v1/handlers</c>: a program of any language answers the requests of other nodes.</summary>
/// <remarks>
/// <c>POST .../next</c> waits for a request and makes this node handle the name; the name is given up when nobody has
/// waited for 30 s. Several programs may wait: each request goes to one of them.
/// </remarks>
internal sealed class HandlersResource(ServedNode served, HearsayHttpLimits limits, TimeProvider time) : IDisposable
{
    private const int LongestWaitSeconds = 60;

    /// <summary>Calls that may wait for requests at a time: each holds a connection.</summary>
    private const int MostWaitingCalls = 256;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, LeasedHandler> _handlers = new(StringComparer.Ordinal);
    private int _waitingCalls;

    /// <summary>Requests that wait for a caller who takes them.</summary>
    public long Waiting
    {
        get
        {
            lock (_gate)
            {
                return _handlers.Values.Sum(static handler => handler.Waiting);
            }
        }
    }

    /// <summary>Adds the routes.</summary>
    public void Map(ServiceRoutes routes)
    {
        routes.Post("/v1/handlers/{name}/next", NextAsync);
        routes.Post("/v1/handlers/{name}/answers/{key}", AnswerAsync);
        routes.Delete("/v1/handlers/{name}", DeleteAsync);
    }

    /// <summary>Ends the handlers that nobody uses any more.</summary>
    public void Sweep()
    {
        lock (_gate)
        {
            foreach (var (name, handler) in _handlers)
            {
                if (handler.IsOver)
                {
                    _handlers.Remove(name); // Allowed while enumerating.
                    handler.Dispose();
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var handler in _handlers.Values)
            {
                handler.Dispose();
            }

            _handlers.Clear();
        }
    }

    private async Task NextAsync(HttpContext context)
    {
        var patience = CallField.Count(context, "waitSeconds", 0, LongestWaitSeconds, 30);
        var handler = HandlerOf(CallField.Name(context));
        var next = await WaitAsync(handler, TimeSpan.FromSeconds(patience), CallEnd.Of(context))
            .ConfigureAwait(false);
        if (next is null)
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        await CallBody.WriteAsync(context, AskedItem.Of(next), RequestsJson.Relaxed.AskedItem).ConfigureAwait(false);
    }

    private async Task<WaitingRequest?> WaitAsync(
        LeasedHandler handler, TimeSpan patience, CancellationToken cancellation)
    {
        try
        {
            return Interlocked.Increment(ref _waitingCalls) <= MostWaitingCalls
                ? await handler.NextAsync(patience, cancellation).ConfigureAwait(false)
                : throw new ProblemException(Problems.Full(
                    "waiting-calls", $"{MostWaitingCalls} calls wait for requests already."));
        }
        finally
        {
            Interlocked.Decrement(ref _waitingCalls);
        }
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var payload = await CallBody.ReadAsync(context, RequestOptions.LargestPayloadBytes).ConfigureAwait(false);
        var (name, key) = (CallField.Name(context), CallField.Name(context, "key"));
        if (Find(name)?.TryAnswer(key, payload) is not true)
        {
            throw new ProblemException(Problems.Unknown(
                "request", "Nobody waits for this answer: the asker has given up, or it was answered."));
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private Task DeleteAsync(HttpContext context)
    {
        var name = CallField.Name(context);
        LeasedHandler? handler;
        lock (_gate)
        {
            _handlers.Remove(name, out handler);
        }

        handler?.Dispose();
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private LeasedHandler? Find(string name)
    {
        lock (_gate)
        {
            return _handlers.GetValueOrDefault(name);
        }
    }

    /// <summary>The handler of a name; made if it is not there.</summary>
    internal LeasedHandler HandlerOf(string name)
    {
        if (served.Node.Options.Requests is null)
        {
            throw new ProblemException(Problems.NotOffered("This node runs without requests."));
        }

        lock (_gate)
        {
            return _handlers.TryGetValue(name, out var known) ? known : _handlers[name] = Make(name);
        }
    }

    private LeasedHandler Make(string name)
    {
        if (_handlers.Count >= limits.Handlers)
        {
            throw new ProblemException(Problems.Full(
                "handlers", $"The service has at most {limits.Handlers} handlers. Delete one, or wait until nobody has "
                + "used one for 30 s."));
        }

        try
        {
            return new LeasedHandler(served.Node, name, time);
        }
        catch (ArgumentException wrong)
        {
            throw new ProblemException(Problems.Field("name", "1 to 64 bytes of UTF-8", ArgumentText.Of(wrong)));
        }
        catch (InvalidOperationException taken) when (taken is not ObjectDisposedException)
        {
            throw new ProblemException(Problems.Conflict(
                "handled-elsewhere", "The application answers these requests itself", taken.Message));
        }
    }
}
