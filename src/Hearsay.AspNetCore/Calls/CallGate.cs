using Hearsay.AspNetCore.Errors;
using Hearsay.AspNetCore.Limits;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Hearsay.AspNetCore.Calls;

/// <summary>
/// Stands before every route: who may call, how often, and what becomes of an exception. No exception escapes.
/// </summary>
internal sealed partial class CallGate(
    AccessRules access, RateLimit writes, HttpCounters counters, ILogger log, CancellationToken stopping)
{
    private readonly CrossOrigin _crossOrigin = new(access);

    /// <summary>Answers browsers that ask before they call.</summary>
    public RequestDelegate Preflight => _crossOrigin.PreflightAsync;

    /// <summary>Refuses a call that means no route: it is counted as those of the routes are.</summary>
    public Task RefuseUnknownAsync(HttpContext context, Problem problem)
    {
        counters.CountCall();
        _crossOrigin.Mark(context);
        return RefuseAsync(context, problem);
    }

    /// <summary>The handler behind this gate.</summary>
    public RequestDelegate Guard(CallKind kind, RequestDelegate handler) =>
        context => HandleAsync(context, kind, handler);

    private async Task HandleAsync(HttpContext context, CallKind kind, RequestDelegate handler)
    {
        counters.CountCall();
        using var room = kind == CallKind.Write ? new RoomLease(counters.Bodies) : null;
        if (room is not null)
        {
            context.Features.Set(room);
        }

        using var end = new CallEnd(context.RequestAborted, stopping);
        context.Features.Set(end);
        _crossOrigin.Mark(context);
        try
        {
            if (Refusal(context, kind) is { } problem)
            {
                await RefuseAsync(context, problem).ConfigureAwait(false);
                return;
            }

            context.Response.Headers.CacheControl = "no-store";
            await handler(context).ConfigureAwait(false);
        }
        catch (ProblemException refused)
        {
            await RefuseAsync(context, refused.Problem).ConfigureAwait(false);
        }
        catch (Exception gone) when (context.RequestAborted.IsCancellationRequested && IsOfGoneCaller(gone))
        {
            // Nobody reads an answer.
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await RefuseAsync(context, Problems.Stopped()).ConfigureAwait(false);
        }
        catch (BadHttpRequestException wrong)
        {
            await RefuseAsync(context, Problems.Request(wrong.StatusCode, wrong.Message)).ConfigureAwait(false);
        }
        catch (ObjectDisposedException stopped)
        {
            await RefuseAsync(context, Problems.Stopped(stopped.InnerException as IdConflictException))
                .ConfigureAwait(false);
        }
        catch (HearsayException busy)
        {
            await RefuseAsync(context, Problems.Unavailable("busy", "The node does not take this now", busy.Message))
                .ConfigureAwait(false);
        }
        catch (Exception defect)
        {
            Failed(log, defect, context.Request.Method, context.Request.Path);
            await RefuseAsync(context, Problems.Internal()).ConfigureAwait(false);
        }
    }

    private static bool IsOfGoneCaller(Exception error) => error is OperationCanceledException or IOException;

    private Problem? Refusal(HttpContext context, CallKind kind)
    {
        var problem = access.Refusal(context.Request, kind == CallKind.Open);
        return problem is null && kind == CallKind.Write && !writes.TryTake()
            ? Problems.TooManyCalls(1, "There are more writing calls than the service takes in a second.")
            : problem;
    }

    private async Task RefuseAsync(HttpContext context, Problem problem)
    {
        counters.CountProblem(problem.Status);
        try
        {
            await ProblemWriter.WriteAsync(context, problem).ConfigureAwait(false);
        }
        catch (Exception gone) when (IsOfGoneCaller(gone))
        {
            // Nobody reads it.
        }
    }

    [LoggerMessage(1, LogLevel.Error, "{Method} {Path} failed, which is a defect of the service.")]
    private static partial void Failed(ILogger log, Exception defect, string method, string path);
}
