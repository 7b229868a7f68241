using System.Net;
using System.Net.Sockets;

namespace Hearsay.Agent.Tests.Http;

public sealed class AgentHttpTests
{
    [Fact]
    public async Task Pages_of_a_named_origin_may_call_and_those_of_others_may_not()
    {
        using var agent = new AgentProcess("--bind", "127.0.0.1:0", "--http-origin", "https://app.example");
        await agent.StartedAsync();
        var page = $"-H 'Origin: https://app.example' -H 'Sec-Fetch-Site: cross-site' {agent.Url}/v1/node";
        var (status, head) = await Curl.RunAsync($"curl -i {page}");
        Assert.Equal("200", status);
        Assert.Contains("Access-Control-Allow-Origin: https://app.example", head);
        (status, head) = await Curl.RunAsync($"curl -i -X OPTIONS -H 'Access-Control-Request-Method: PUT' {page}");
        Assert.Equal("204", status);
        Assert.Contains("Access-Control-Allow-Methods: GET, PUT, POST, DELETE", head);
        (status, head) = await Curl.RunAsync($"curl -i {page}/nowhere");
        Assert.Equal("404", status);
        Assert.Contains("unknown-route", head);
        Assert.Contains("Access-Control-Allow-Origin: https://app.example", head);

        (status, head) = await Curl.RunAsync($"curl -i {page.Replace("app.", "evil.", StringComparison.Ordinal)}");
        Assert.Equal("403", status);
        Assert.DoesNotContain("Access-Control", head);
        var evil = page.Replace("app.", "evil.", StringComparison.Ordinal);
        Assert.Equal("403", (await Curl.RunAsync($"curl -X OPTIONS {evil}")).Status);
    }

    [Theory]
    [InlineData("--http-origin", "app.example")]
    [InlineData("--http-origin", "https://app.example/path")]
    [InlineData("--http-writes-per-second", "0")]
    public async Task What_is_no_origin_or_rate_ends_with_2_and_is_named(string option, string value)
    {
        using var agent = new AgentProcess("--bind", "127.0.0.1:0", option, value);
        Assert.Equal(2, await agent.ExitAsync());
        Assert.Contains(option, agent.Errors);
    }

    [Fact]
    public async Task Agents_of_one_machine_take_ports_of_their_own_and_tell_them_in_the_first_line_and_a_file()
    {
        var data = Directory.CreateTempSubdirectory("hearsay-http-");
        using var first = new AgentProcess("--bind", "127.0.0.1:0");
        using var second = new AgentProcess("--bind", "127.0.0.1:0", "--data", data.FullName);
        await Task.WhenAll(first.StartedAsync(), second.StartedAsync());

        Assert.NotEqual(first.Url, second.Url);
        Assert.StartsWith("started: ", first.Lines[0], StringComparison.Ordinal);
        foreach (var agent in new[] { first, second })
        {
            var (_, body) = await Curl.RunAsync($"curl {agent.Url}/v1/node");
            Assert.Contains(agent.Id, body, StringComparison.Ordinal);
        }

        var file = Path.Combine(data.FullName, "http.url");
        await second.UntilAsync(() => File.Exists(file) && File.ReadAllText(file) == second.Url + "\n", "the file");
        second.Terminate();
        Assert.Equal(0, await second.ExitAsync());
        Assert.False(File.Exists(file));
        data.Delete(recursive: true);
    }

    [Fact]
    public async Task A_port_that_somebody_named_and_that_is_taken_ends_the_agent_with_1_and_says_so()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        using var agent = new AgentProcess("--bind", "127.0.0.1:0", "--http", $"{taken.LocalEndpoint}");
        Assert.Equal(1, await agent.ExitAsync());

        // No word of a node that joins: it was not started.
        Assert.Equal(
            $"hearsay agent: --http {taken.LocalEndpoint}: the port is taken.", agent.Errors);
        Assert.Equal("", agent.Output);
    }

    [Fact]
    public async Task An_agent_without_HTTP_removes_the_address_that_a_killed_one_has_left()
    {
        var data = Directory.CreateTempSubdirectory("hearsay-http-");
        var file = Path.Combine(data.FullName, "http.url");
        using var killed = new AgentProcess("--bind", "127.0.0.1:0", "--data", data.FullName);
        await killed.StartedAsync();
        await killed.UntilAsync(() => File.Exists(file), "the file");
        await killed.KillAsync();
        Assert.True(File.Exists(file));

        using var next = new AgentProcess("--bind", "127.0.0.1:0", "--data", data.FullName, "--http", "none");
        await next.StartedAsync();
        await next.UntilAsync(() => !File.Exists(file), "the file is gone");
        await next.KillAsync();
        data.Delete(recursive: true);
    }

    [Fact]
    public async Task Where_a_token_is_needed_nothing_but_health_is_told_without_it()
    {
        using var token = new TokenFile("correct-horse-battery", UnixFileMode.UserRead | UnixFileMode.UserWrite);
        using var agent = new AgentProcess(
            "--bind", "127.0.0.1:0", "--http", "0.0.0.0:0", "--http-token-file", token.Path, "--http-insecure", "true");
        await agent.StartedAsync();
        var url = agent.Url.Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal);

        Assert.Equal("200", (await Curl.RunAsync($"curl {url}/v1/health/live")).Status);
        foreach (var header in (string[])["", "-H 'Authorization: Bearer wrong-horse-battery'",
            "-H 'Authorization: correct-horse-battery'", "-H 'Authorization: Bearer '"])
        {
            var (status, body) = await Curl.RunAsync($"curl {header} {url}/v1/node");
            Assert.Equal("401", status);
            Assert.Contains("\"unauthorized\"", body, StringComparison.Ordinal);
        }

        var (allowed, _) = await Curl.RunAsync(
            $"curl -H 'Authorization: Bearer correct-horse-battery' -H 'Host: any.example' {url}/v1/node");
        Assert.Equal("200", allowed);

        // A command says where the token goes, and not in which header.
        var (code, _, error) = await Cli.RunAsync($"view --agent {url}");
        Assert.Equal(1, code);
        Assert.Contains("--agent-token-file", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_and_names_of_elsewhere_are_refused_and_what_is_nowhere_is_a_problem()
    {
        using var agent = new AgentProcess("--bind", "127.0.0.1:0");
        await agent.StartedAsync();
        var port = new Uri(agent.Url).Port;
        foreach (var (line, expected, type) in new[]
        {
            ($"curl -H 'Host: evil.example:{port}' {agent.Url}/v1/node", "403", "foreign-host"),
            ($"curl -H 'Origin: http://evil.example' {agent.Url}/v1/node", "403", "foreign-origin"),
            ($"curl -H 'Origin: null' -X POST {agent.Url}/v1/leave", "403", "foreign-origin"),
            ($"curl -H 'Sec-Fetch-Site: cross-site' -X POST {agent.Url}/v1/leave", "403", "foreign-origin"),
            ($"curl {agent.Url}/v1/nowhere", "404", "unknown-route"),
            ($"curl {agent.Url}/", "404", "unknown-route"),
            ($"curl -X DELETE {agent.Url}/v1/peer", "405", "invalid-request"),
        })
        {
            var (status, body) = await Curl.RunAsync(line);
            Assert.True(status == expected, $"{line}: {status} {body}");
            Assert.Contains($"\"type\":\"{type}\"", body, StringComparison.Ordinal);
        }

        var metrics = (await Curl.RunAsync($"curl {agent.Url}/metrics")).Body;
        Assert.Contains("hearsay_http_refused_total{hearsay_reason=\"invalid\"} 3\n", metrics);
        Assert.Contains("hearsay_http_calls_total 8\n", metrics);
        Assert.Equal("200", (await Curl.RunAsync($"curl http://localhost:{port}/v1/node")).Status);
        Assert.Equal("200", (await Curl.RunAsync(
            $"curl -H 'Origin: {agent.Url}' -H 'Sec-Fetch-Site: same-origin' {agent.Url}/v1/node")).Status);
    }
}
