using System.Buffers;
using Hearsay.AspNetCore.Errors;
using Hearsay.AspNetCore.Limits;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Hearsay.AspNetCore.Streams;

/// <summary>Sends the events of a log to callers.</summary>
/// <param name="limits">How many streams, and how long a reader may take nothing.</param>
/// <param name="counters">Counts them.</param>
/// <param name="stopping">Ends all streams: the host stops.</param>
internal sealed class EventStreams(HearsayHttpLimits limits, HttpCounters counters, CancellationToken stopping)
{
    /// <summary>What is written before the reader is waited for, beside what the server holds.</summary>
    private const int BatchBytes = 8 << 10;

    private static readonly TimeSpan HeartbeatPause = TimeSpan.FromSeconds(15);

    /// <summary>Sends events until the caller goes, the log ends or the host stops.</summary>
    /// <param name="context">The call; its header <c>Last-Event-ID</c> says where to go on.</param>
    /// <param name="log">The events.</param>
    /// <param name="first">An event that only this reader gets, before all others; made after its place in the log
    /// is known, so that nothing is missed between. Null for none.</param>
    public async Task SendAsync(HttpContext context, EventLog log, Func<byte[]>? first = null)
    {
        if (!counters.TryOpenStream(limits.Streams))
        {
            throw new ProblemException(Problems.Full(
                "streams", $"The service has at most {limits.Streams} event streams at a time."));
        }

        try
        {
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
            var cursor = log.After(context.Request.Headers["Last-Event-ID"].ToString(), out var isUnknown);
            Begin(context);
            var place = log.IdBefore(cursor);
            var frames = new List<byte[]> { EventFrame.BeginAt(place) };
            if (isUnknown)
            {
                frames.Add(EventFrame.Lagged(null, place));
            }

            if (first is not null)
            {
                frames.Add(first());
            }

            await PumpAsync(context, log, cursor, frames, ended.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The caller is gone, or the host stops: a stream has no other end.
        }
        finally
        {
            counters.CloseStream();
        }
    }

    /// <summary>
    /// Sends events that are made for this reader alone, each when the one before was taken, until the caller goes, the
    /// events end or the host stops.
    /// </summary>
    /// <param name="context">The call.</param>
    /// <param name="events">Makes the events; the token ends it.</param>
    public async Task SendOwnAsync(HttpContext context, Func<CancellationToken, IAsyncEnumerable<byte[]>> events)
    {
        if (!counters.TryOpenStream(limits.Streams))
        {
            throw new ProblemException(Problems.Full(
                "streams", $"The service has at most {limits.Streams} event streams at a time."));
        }

        try
        {
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
            var reader = events(ended.Token).GetAsyncEnumerator(ended.Token);
            await using (reader.ConfigureAwait(false))
            {
                await PumpAsync(context, reader, ended).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The caller is gone, or the host stops: a stream has no other end.
        }
        finally
        {
            counters.CloseStream();
        }
    }

    private async Task PumpAsync(
        HttpContext context, IAsyncEnumerator<byte[]> reader, CancellationTokenSource ended)
    {
        var next = reader.MoveNextAsync().AsTask();
        List<byte[]> frames = [EventFrame.Begin];
        try
        {
            if (next.IsFaulted)
            {
                // There are no events for this reader, and it can still be told why.
                await next.ConfigureAwait(false);
            }

            Begin(context);
            while (true)
            {
                await WriteAsync(context, frames, ended.Token).ConfigureAwait(false);
                frames.Clear();
                await WaitAsync(next, frames, ended.Token).ConfigureAwait(false);
                if (!next.IsCompleted)
                {
                    continue;
                }

                if (!await next.ConfigureAwait(false))
                {
                    return;
                }

                frames.Add(reader.Current);
                next = reader.MoveNextAsync().AsTask();
            }
        }
        finally
        {
            // An enumerator must not be disposed while it makes the next event.
            await ended.CancelAsync().ConfigureAwait(false);
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static void Begin(HttpContext context)
    {
        context.Response.ContentType = "text/event-stream";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();

        // A reader may take nothing for a while and is told then what it missed: our own patience counts.
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }
    }

    private async Task PumpAsync(
        HttpContext context, EventLog log, long cursor, List<byte[]> frames, CancellationToken ended)
    {
        while (true)
        {
            await WriteAsync(context, frames, ended).ConfigureAwait(false);
            var wanted = cursor;
            var change = log.Read(ref cursor, frames, BatchBytes, out var missed);
            if (missed > 0)
            {
                counters.CountMissed(missed);
                frames.Insert(0, EventFrame.Lagged(missed, log.IdBefore(wanted + missed)));
            }

            if (change is null && frames.Count == 0)
            {
                return;
            }

            if (change is not null)
            {
                await WaitAsync(change, frames, ended).ConfigureAwait(false);
            }
        }
    }

    private static async Task WaitAsync(Task change, List<byte[]> frames, CancellationToken ended)
    {
        try
        {
            await change.WaitAsync(HeartbeatPause, ended).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            frames.Add(EventFrame.Heartbeat);
        }
    }

    private async Task WriteAsync(HttpContext context, List<byte[]> frames, CancellationToken ended)
    {
        if (frames.Count == 0)
        {
            return;
        }

        var writer = context.Response.BodyWriter;
        foreach (var frame in frames)
        {
            // Fills every block of the server to its end: with a span for each frame half of a block may stay empty.
            BuffersExtensions.Write(writer, frame);
        }

        // A reader that takes nothing keeps none of them.
        frames.Clear();
        var flushing = writer.FlushAsync(ended);
        if (flushing.IsCompletedSuccessfully)
        {
            _ = flushing.Result;
            return;
        }

        try
        {
            await flushing.AsTask().WaitAsync(limits.StreamPatience, ended).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            counters.CountStalled();
            context.Abort();
            throw new OperationCanceledException();
        }
    }
}
