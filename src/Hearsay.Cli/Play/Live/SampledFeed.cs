using System.Diagnostics;
using Hearsay.AspNetCore.Streams;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Hearsay.Cli.Play.Live;

/// <summary>
/// Looks at a source for as long as somebody watches. All pages share one look; without a page there is no timer, and
/// the source is left alone.
/// </summary>
/// <param name="source">The nodes.</param>
/// <param name="farewell">What pages are told in the end.</param>
internal sealed class SampledFeed(ILiveSource source, string farewell) : ILiveFeed, IDisposable
{
    /// <summary>More pages than people look at.</summary>
    public const int MostReaders = 16;

    /// <summary>A page that takes nothing for so long is given up.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    /// <summary>So long may telling pages of the end take.</summary>
    private static readonly TimeSpan s_farewellTime = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _looking = new(1);
    private readonly CancellationTokenSource _ended = new();
    private readonly LiveFrame _frame = new();
    private LiveMoment? _latest;
    private TaskCompletionSource? _empty;
    private int _readers;

    /// <summary>How many pages watch.</summary>
    public int Readers => Volatile.Read(ref _readers);

    /// <inheritdoc/>
    public async Task SendAsync(HttpContext context)
    {
        if (Interlocked.Increment(ref _readers) > MostReaders || _ended.IsCancellationRequested)
        {
            Leave();
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        try
        {
            await PumpAsync(context).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The page is closed: a feed has no other end on its side.
        }
        finally
        {
            Leave();
        }
    }

    /// <inheritdoc/>
    public async Task EndAsync()
    {
        var empty = _empty = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await _ended.CancelAsync().ConfigureAwait(false);
        if (Readers > 0)
        {
            await Task.WhenAny(empty.Task, Task.Delay(s_farewellTime)).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _looking.Dispose();
        _ended.Dispose();
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref _readers) == 0)
        {
            _empty?.TrySetResult();
        }
    }

    private async Task PumpAsync(HttpContext context)
    {
        Begin(context);
        using var stopped = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _ended.Token);
        var (told, number, trouble) = (0, 0L, (string?)null);
        await WriteAsync(context, [EventFrame.Begin, LiveText.Scene(source.Scene)]).ConfigureAwait(false);
        while (!_ended.IsCancellationRequested)
        {
            try
            {
                var moment = await LookAsync(stopped.Token).ConfigureAwait(false);
                var events = new List<byte[]>();
                if (moment.Nodes > told)
                {
                    events.Add(LiveText.Nodes(told, source.Nodes.Skip(told).Take(moment.Nodes - told)));
                    told = moment.Nodes;
                }

                if (moment.Trouble != trouble)
                {
                    events.Add(LiveText.Trouble(trouble = moment.Trouble));
                }

                if (moment.Frame is { } frame && moment.Number > number)
                {
                    number = moment.Number;
                    events.Add(frame);
                }

                // A line that says nothing finds out that the page is gone.
                await WriteAsync(context, events.Count > 0 ? events : [EventFrame.Heartbeat]).ConfigureAwait(false);
                await Task.Delay(source.Pause, stopped.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_ended.IsCancellationRequested)
            {
                break;
            }
        }

        await WriteAsync(context, [LiveText.End(farewell)]).ConfigureAwait(false);
    }

    /// <summary>The latest look, or a new one when that is too old.</summary>
    private async Task<LiveMoment> LookAsync(CancellationToken cancellation)
    {
        await _looking.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (_latest is null || Stopwatch.GetElapsedTime(_latest.At) > 0.7 * source.Pause)
            {
                var trouble = await source.LookAsync(_frame, cancellation).ConfigureAwait(false);
                _latest = new LiveMoment(
                    (_latest?.Number ?? 0) + 1, Stopwatch.GetTimestamp(), trouble is null ? _frame.ToEvent() : null,
                    source.Nodes.Count, trouble);
            }

            return _latest;
        }
        finally
        {
            _looking.Release();
        }
    }

    private static void Begin(HttpContext context)
    {
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
        {
            // A page in the background reads slowly; it has our patience.
            rate.MinDataRate = null;
        }
    }

    private static async Task WriteAsync(HttpContext context, List<byte[]> events)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        late.CancelAfter(s_patience);
        foreach (var text in events)
        {
            await context.Response.Body.WriteAsync(text, late.Token).ConfigureAwait(false);
        }

        await context.Response.Body.FlushAsync(late.Token).ConfigureAwait(false);
    }
}
