using System.Net;
using System.Text;
using Hearsay.Cli.Play.Live;
using Hearsay.Cli.Play.Site;

namespace Hearsay.Cli.Tests.Play.Live;

/// <summary>A server of a page that has one file, with a live feed.</summary>
internal sealed class LiveServer : IAsyncDisposable
{
    private readonly DirectoryInfo _site;
    private readonly PlayServer _server;
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromMinutes(2) };

    private LiveServer(DirectoryInfo site, PlayServer server, LiveGate gate) =>
        (_site, _server, Token) = (site, server, gate.Token);

    /// <summary>Starts it on a free port.</summary>
    public static async Task<LiveServer> StartAsync(ILiveFeed feed)
    {
        var site = Directory.CreateTempSubdirectory("hearsay-live");
        await File.WriteAllTextAsync(Path.Combine(site.FullName, "index.html"), "<html></html>");
        var gate = new LiveGate(feed);
        return new LiveServer(
            site, await PlayServer.StartAsync(site.FullName, null, gate, TestContext.Current.CancellationToken), gate);
    }

    public string Token { get; }

    public string Url => _server.Url;

    public string LiveUrl => _server.LiveUrl!;

    /// <summary>Asks for the feed.</summary>
    public async Task<HttpResponseMessage> AskAsync(string? token, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, _server.Url.TrimEnd('/') + LiveGate.Path);
        if (token is not null)
        {
            request.Headers.Add("Authorization", "Bearer " + token);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        return await _http.SendAsync(
            request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }

    /// <summary>Reads events of an answer until one pleases.</summary>
    public static async Task<List<(string Name, string Data)>> ReadAsync(
        HttpResponseMessage answer, Predicate<(string Name, string Data)> isLast)
    {
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var cancellation = TestContext.Current.CancellationToken;
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(cancellation), Encoding.UTF8);
        var (events, name) = (new List<(string Name, string Data)>(), "");
        while (await reader.ReadLineAsync(cancellation) is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal))
            {
                name = line["event: ".Length..];
            }
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                events.Add((name, line["data: ".Length..]));
                if (isLast(events[^1]))
                {
                    break;
                }
            }
        }

        return events;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _server.DisposeAsync();
        _site.Delete(recursive: true);
    }
}
