using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;

namespace Hearsay.Cli.Play.Live;

/// <summary>The feed of another process: that of <c>hearsay up --play</c>, passed on as it comes.</summary>
internal sealed class RelayedFeed : ILiveFeed, IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    private readonly CancellationTokenSource _ended = new();
    private readonly Uri _address;
    private readonly string _token;
    private readonly string _name;

    /// <summary>The feed at an address.</summary>
    /// <param name="page">The address of its page.</param>
    /// <param name="token">Its token.</param>
    public RelayedFeed(Uri page, string token)
    {
        (_address, _token) = (new Uri(page, LiveGate.Path), token);
        _name = page.GetLeftPart(UriPartial.Authority);
    }

    /// <inheritdoc/>
    public async Task SendAsync(HttpContext context)
    {
        using var stopped = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _ended.Token);
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        var body = context.Response.Body;
        string why;
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, _address);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _token);
            using var answer = await _http.SendAsync(
                request, HttpCompletionOption.ResponseHeadersRead, stopped.Token).ConfigureAwait(false);
            if (answer.IsSuccessStatusCode)
            {
                var events = await answer.Content.ReadAsStreamAsync(stopped.Token).ConfigureAwait(false);
                await PassAsync(events, body, stopped.Token).ConfigureAwait(false);
                return;
            }

            why = $"{_name} refuses: the link of --attach is not the one that is printed there "
                + $"(status {(int)answer.StatusCode}).";
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            why = $"Nothing answers at {_name} any more.";
        }
        catch (OperationCanceledException)
        {
            return;
        }

        await body.WriteAsync(LiveText.End(why), context.RequestAborted).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task EndAsync() => _ended.CancelAsync();

    /// <inheritdoc/>
    public void Dispose()
    {
        _http.Dispose();
        _ended.Dispose();
    }

    private static async Task PassAsync(Stream events, Stream page, CancellationToken stopped)
    {
        var buffer = new byte[64 << 10];
        int read;
        while ((read = await events.ReadAsync(buffer, stopped).ConfigureAwait(false)) > 0)
        {
            await page.WriteAsync(buffer.AsMemory(0, read), stopped).ConfigureAwait(false);
            await page.FlushAsync(stopped).ConfigureAwait(false);
        }
    }
}
