using System.Text.Json;
using System.Text.RegularExpressions;

namespace Hearsay.Agent.Tests.Http;

/// <summary>The page about HTTP: every line of it is executed, and every route has one.</summary>
public sealed partial class HttpPageTests
{
    private static readonly string[] s_lines =
    [
        .. File.ReadAllLines(Path.Combine(Root, "docs", "http.md"))
            .Where(static line => line.StartsWith("curl ", StringComparison.Ordinal)),
    ];

    public static string Root
    {
        get
        {
            var directory = AppContext.BaseDirectory;
            while (!File.Exists(Path.Combine(directory, "Hearsay.slnx")))
            {
                directory = Path.GetDirectoryName(directory)!;
            }

            return directory;
        }
    }

    [Fact]
    public async Task Every_line_of_the_page_works_against_an_agent()
    {
        await using var seed = await GossipNode.StartAsync(
            new GossipNodeOptions { Bind = "127.0.0.1:0" }, TestContext.Current.CancellationToken);
        using var answers = seed.HandleRequests(
            "load", static (request, _) => ValueTask.FromResult(request.Payload));
        using var agent = new AgentProcess(
            "--bind", "127.0.0.1:0", "--seed", $"{seed.LocalAddress}", "--cycle-time", "200ms", "--maps", "true",
            "--evict-on-timeout", "false");
        await agent.StartedAsync();
        await agent.UntilAsync(() => agent.Lines.Contains("peers 1"), "it has a peer");
        var (message, key) = (string.Empty, string.Empty);
        Task<string>? asked = null;
        foreach (var line in s_lines)
        {
            asked ??= line.Contains("/next", StringComparison.Ordinal) ? AskUntilAnsweredAsync(seed) : null;
            var (status, body) = await RunAsync(line);

            // On a busy machine the request may come when the line has waited long enough.
            while (status == "204" && line.Contains("/next", StringComparison.Ordinal) && !asked!.IsCompleted)
            {
                (status, body) = await RunAsync(line);
            }

            Assert.True(status is "200" or "202" or "204", $"{line}: {status} {body}");
            if (status == "202")
            {
                message = JsonDocument.Parse(body).RootElement.GetProperty("id").GetString()!;
            }

            if (line.Contains("/next", StringComparison.Ordinal))
            {
                key = JsonDocument.Parse(body).RootElement.GetProperty("key").GetString()!;
            }

            if (line.Contains("/events", StringComparison.Ordinal))
            {
                Assert.Contains("retry: 1000", body, StringComparison.Ordinal);
            }
        }

        Assert.Equal("0.7", await asked!);
        Assert.Equal(0, await agent.ExitAsync());
        Assert.EndsWith("left", agent.Output, StringComparison.Ordinal);

        Task<(string Status, string Body)> RunAsync(string line) => Curl.RunAsync(
            line.Replace("http://127.0.0.1:7980", agent.Url, StringComparison.Ordinal),
            ("PEER", $"{seed.Id}"), ("MESSAGE", message), ("KEY", key));
    }

    /// <summary>The name has a handler as soon as the line waits for a request.</summary>
    private static async Task<string> AskUntilAnsweredAsync(GossipNode seed)
    {
        while (true)
        {
            try
            {
                var answer = await seed.RequestAsync(
                    seed.GetView()[0], "load", "cpu", TestContext.Current.CancellationToken);
                return answer.Text;
            }
            catch (RequestException notYet) when (notYet.Failure is RequestFailure.NoHandler or RequestFailure.NoAnswer)
            {
                await Task.Delay(50, TestContext.Current.CancellationToken);
            }
        }
    }

    [Fact]
    public void Every_route_has_a_line()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(
            Path.Combine(Root, "src", "Hearsay.AspNetCore", "Description", "openapi.json")));
        var routes = document.RootElement.GetProperty("paths").EnumerateObject().SelectMany(static path =>
            path.Value.EnumerateObject().Select(verb => (Verb: verb.Name.ToUpperInvariant(), Path: path.Name)));
        foreach (var (verb, path) in routes)
        {
            var pattern = $"7980{Field().Replace(path, "[^/ ?]+")}(\\?[^ ]*)?(\"| |$)";
            Assert.True(
                Array.Exists(s_lines, line => Regex.IsMatch(line, pattern)
                    && line.Contains(verb == "HEAD" ? "--head " : $"-X {verb} ", StringComparison.Ordinal)
                        == (verb != "GET")),
                $"{verb} {path} has no line in docs/http.md.");
        }
    }

    [GeneratedRegex(@"\{[a-z]+\}")]
    private static partial Regex Field();
}
