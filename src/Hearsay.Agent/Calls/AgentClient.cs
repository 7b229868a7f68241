using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace Hearsay.Agent.Calls;

/// <summary>Calls an agent.</summary>
internal sealed class AgentClient : IDisposable
{
    /// <summary>A leave may take twenty seconds; everything else is a matter of milliseconds.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly HttpClient _http;

    /// <summary>Of an address, with a token where there is one.</summary>
    public AgentClient(Uri url, string? token)
    {
        // No proxy: the variables of the environment that name one are about the web.
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false })
        {
            BaseAddress = url, Timeout = s_patience,
        };
        if (token is not null)
        {
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
    }

    /// <summary>Calls, and returns the body of the answer.</summary>
    /// <param name="method">The verb.</param>
    /// <param name="path">The path and the query.</param>
    /// <param name="body">What is sent; null for nothing.</param>
    /// <param name="cancellation">Cancels the call.</param>
    /// <exception cref="RefusedException">The agent refused the call.</exception>
    /// <exception cref="HttpRequestException">Nobody answers.</exception>
    public async Task<string> CallAsync(
        HttpMethod method, string path, ReadOnlyMemory<byte>? body, CancellationToken cancellation) =>
        (await TryAsync(method, path, body, cancellation).ConfigureAwait(false)).Answer;

    /// <summary>Calls, and returns the status and the body of the answer.</summary>
    /// <param name="method">The verb.</param>
    /// <param name="path">The path and the query.</param>
    /// <param name="body">What is sent; null for nothing.</param>
    /// <param name="cancellation">Cancels the call.</param>
    /// <param name="alsoTakes">A status that is an answer too.</param>
    /// <exception cref="RefusedException">The agent refused the call.</exception>
    /// <exception cref="HttpRequestException">Nobody answers.</exception>
    public async Task<(int Status, string Answer)> TryAsync(
        HttpMethod method, string path, ReadOnlyMemory<byte>? body, CancellationToken cancellation,
        int alsoTakes = 0)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is { } bytes)
        {
            request.Content = new ReadOnlyMemoryContent(bytes);
        }

        using var answer = await _http.SendAsync(request, cancellation).ConfigureAwait(false);
        var text = await answer.Content.ReadAsStringAsync(cancellation).ConfigureAwait(false);
        var status = (int)answer.StatusCode;
        return answer.IsSuccessStatusCode || status == alsoTakes
            ? (status, text) : throw RefusedException.Of(status, text);
    }

    /// <summary>Reads.</summary>
    public Task<string> GetAsync(string path, CancellationToken cancellation) =>
        CallAsync(HttpMethod.Get, path, null, cancellation);

    /// <summary>Sends JSON.</summary>
    public Task<string> PutAsync(string path, string json, CancellationToken cancellation) =>
        CallAsync(HttpMethod.Put, path, Encoding.UTF8.GetBytes(json), cancellation);

    /// <summary>The events of a stream, until it ends.</summary>
    /// <param name="path">Of the stream.</param>
    /// <param name="opened">Called when it has begun.</param>
    /// <param name="cancellation">Ends it with an exception.</param>
    public async IAsyncEnumerable<(string Name, JsonElement Data)> ListenAsync(
        string path, Func<Task> opened, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        using var answer = await OpenAsync(request, cancellation).ConfigureAwait(false);
        await opened().ConfigureAwait(false);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false));
        var name = "message";
        while (await lines.ReadLineAsync(cancellation).ConfigureAwait(false) is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal))
            {
                name = line["event: ".Length..];
            }
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                using var data = JsonDocument.Parse(line["data: ".Length..]);
                yield return (name, data.RootElement.Clone());
            }
        }
    }

    /// <summary>The answer with its body still to come.</summary>
    private async Task<HttpResponseMessage> OpenAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation)
            .ConfigureAwait(false);
        if (answer.IsSuccessStatusCode)
        {
            return answer;
        }

        using (answer)
        {
            throw RefusedException.Of(
                (int)answer.StatusCode, await answer.Content.ReadAsStringAsync(cancellation).ConfigureAwait(false));
        }
    }

    /// <summary>Reads an answer line by line, however long it is.</summary>
    /// <param name="path">The path and the query.</param>
    /// <param name="take">Takes a line.</param>
    /// <param name="cancellation">Ends it with an exception.</param>
    /// <returns>The number of lines.</returns>
    public async Task<long> ReadLinesAsync(string path, Func<string, Task> take, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        using var answer = await OpenAsync(request, cancellation).ConfigureAwait(false);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false));
        var count = 0L;
        while (await lines.ReadLineAsync(cancellation).ConfigureAwait(false) is { } line)
        {
            await take(line).ConfigureAwait(false);
            count++;
        }

        return count;
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();
}
