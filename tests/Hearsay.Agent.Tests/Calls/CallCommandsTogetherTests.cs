using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Hearsay.Agent.Tests.Calls;

public sealed class CallCommandsTogetherTests
{
    [Fact]
    public async Task Commands_ask_a_running_agent_and_say_no_with_1()
    {
        // Beside load an answer may come late, and this test is not about evictions.
        string[] calm = ["--bind", "127.0.0.1:0", "--cycle-time", "200ms", "--evict-on-timeout", "false"];
        using var agent = new AgentProcess([.. calm, "--metadata", "http=80"]);
        await agent.StartedAsync();
        foreach (var command in new[] { "peer", "peers" })
        {
            var (none, _, why) = await Cli.RunAsync($"{command} --agent {agent.Url}");
            Assert.Equal(1, none);
            Assert.Equal("The view of the node is empty: it has not joined yet, or it is alone.", why.Trim());
        }

        using var other = new AgentProcess([.. calm, "--seed", agent.Address, "--metadata", "http=81"]);
        await other.StartedAsync();
        await Task.WhenAll(
            agent.UntilAsync(() => agent.Lines.Contains("peers 1"), "a peer"),
            other.UntilAsync(() => other.Lines.Contains("peers 1"), "a peer"));

        await ExpectAsync($"peer --agent {agent.Url}", $"{other.Id}  {other.Address}");
        await ExpectAsync($"peers --count 3 --policy tail --agent {agent.Url}", other.Id);
        await ExpectAsync($"view --agent {agent.Url}", other.Id);
        await ExpectAsync($"info --agent {agent.Url}", $"id            {agent.Id}");
        await ExpectAsync($"metadata --agent {agent.Url}", "http=80");
        await ExpectAsync($"metadata {other.Id} --agent {agent.Url}", "http=81");
        await ExpectAsync($"metadata --set http=82 --agent {agent.Url}", "");
        await ExpectAsync($"metadata --agent {agent.Url}", "http=82");
        await ExpectAsync($"health --agent {agent.Url}", "healthy, 1 peer");
        await ExpectAsync($"publish prices hello --track --agent {agent.Url}", "reached at least 1 other node");
        var sent = JsonDocument.Parse(await ExpectAsync($"publish prices hello --json --agent {agent.Url}", "{"));
        Assert.Equal(5, sent.RootElement.GetProperty("bytes").GetInt64());
        Assert.False(sent.RootElement.TryGetProperty("otherNodes", out _));
        sent = JsonDocument.Parse(
            await ExpectAsync($"publish prices hello --track --json --agent {agent.Url}", "{"));
        Assert.Equal(32, sent.RootElement.GetProperty("id").GetString()!.Length);
        Assert.Equal(1, sent.RootElement.GetProperty("otherNodes").GetInt64());
        var json = await ExpectAsync($"peer --json --agent {agent.Url}", "{");
        Assert.Equal(other.Id, JsonDocument.Parse(json).RootElement.GetProperty("id").GetString());
        await ExpectAsync(
            $"aggregate n --kind count --value 1 --within 0.5 --agent {agent.Url}", "n: ");
        await ExpectAsync($"leave --agent {agent.Url}", "left");
        Assert.Equal(0, await agent.ExitAsync());
    }

    /// <summary>The epoch under way, and the one before, lack a value that is given only now.</summary>
    [Fact]
    public async Task A_value_that_is_given_while_the_aggregate_runs_is_in_what_is_printed()
    {
        using var agent = new AgentProcess(
            "--bind", "127.0.0.1:0", "--aggregation-cycle-time", "100ms", "--cycles-per-epoch", "10");
        await agent.StartedAsync();
        for (var value = 1; value <= 4; value++)
        {
            await ExpectAsync(
                $"aggregate load --kind max --value {value} --agent {agent.Url}", $"load: {value} ");
            await Task.Delay(TimeSpan.FromMilliseconds(400), TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task A_listener_and_a_publisher_meet_through_two_agents()
    {
        using var one = new AgentProcess("--bind", "127.0.0.1:0", "--cycle-time", "200ms");
        await one.StartedAsync();
        using var two = new AgentProcess("--bind", "127.0.0.1:0", "--cycle-time", "200ms", "--seed", one.Address);
        await two.StartedAsync();
        await two.UntilAsync(() => two.Lines.Contains("peers 1"), "a peer");
        var environment = new Dictionary<string, string> { ["HEARSAY_AGENT"] = one.Url };
        using var listener = new HearsayProcess(environment, "listen", "prices", "--count", "1");
        using var events = new HearsayProcess(environment, "events");
        await listener.UntilAsync(() => listener.Errors.Contains("listening to 'prices'"), "it listens");
        await events.UntilAsync(() => events.Output.Contains($"view     {two.Id}"), "the view");

        await ExpectAsync($"publish prices EUR --agent {two.Url}", "published ");

        Assert.Equal(0, await listener.ExitAsync());
        Assert.Equal($"{two.Id} #1: EUR", listener.Output.Trim());
        await two.KillAsync();
        await events.UntilAsync(() => events.Output.Contains($"removed  {two.Id}"), "the removal");
        await one.KillAsync();
        Assert.Equal(3, await events.ExitAsync());
        Assert.Contains("broke off", events.Errors);
        Assert.DoesNotContain("   at ", events.Errors);
    }

    [Fact]
    public async Task Who_listens_to_an_agent_that_leaves_is_told_so()
    {
        using var agent = new AgentProcess("--bind", "127.0.0.1:0", "--maps", "true");
        await agent.StartedAsync();
        var environment = new Dictionary<string, string> { ["HEARSAY_AGENT"] = agent.Url };
        using var listener = new HearsayProcess(environment, "listen", "prices");
        using var watcher = new HearsayProcess(environment, "map", "watch", "config");
        await listener.UntilAsync(() => listener.Errors.Contains("listening to 'prices'"), "it listens");
        await ExpectAsync($"map set config colour green --agent {agent.Url}", "at the agent");
        await watcher.UntilAsync(() => watcher.Output.Contains("green"), "the key");

        // There is nobody to whom the map could be handed over.
        Assert.Equal(1, (await Cli.RunAsync($"leave --agent {agent.Url}")).ExitCode);
        foreach (var one in (HearsayProcess[])[listener, watcher])
        {
            Assert.Equal(3, await one.ExitAsync());
            Assert.Contains("The agent has ended the stream", one.Errors);
        }
    }

    [Fact]
    public async Task Who_watches_is_told_again_when_something_has_changed()
    {
        using var one = new AgentProcess("--bind", "127.0.0.1:0", "--cycle-time", "200ms");
        await one.StartedAsync();
        var environment = new Dictionary<string, string> { ["HEARSAY_AGENT"] = one.Url };
        using var view = new HearsayProcess(environment, "view", "--watch");
        using var peers = new HearsayProcess(environment, "peers", "--watch");
        using var health = new HearsayProcess(environment, "health", "--watch", "--json");
        await peers.UntilAsync(() => peers.Output.Contains("view of the node is empty"), "it knows nobody");
        await health.UntilAsync(() => health.Output.Contains("\"peers\":0"), "it knows nobody");
        using var two = new AgentProcess("--bind", "127.0.0.1:0", "--cycle-time", "200ms", "--seed", one.Address);
        await two.StartedAsync();
        foreach (var watcher in new[] { view, peers })
        {
            await watcher.UntilAsync(() => watcher.Output.Contains(two.Id), "the peer");
        }

        await health.UntilAsync(() => health.Output.Contains("\"peers\":1"), "the number of peers");
        Assert.All(
            health.Output.Trim().Split(Environment.NewLine),
            static line => Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(line).RootElement.ValueKind));
        health.Terminate();
        Assert.NotEqual(0, await health.ExitAsync());
        Assert.Equal("", health.Errors);
    }

    [Theory]
    [InlineData("peer")]
    [InlineData("info --json")]
    [InlineData("leave")]
    [InlineData("events")]
    [InlineData("publish t x")]
    [InlineData("listen t")]
    [InlineData("aggregate a")]
    [InlineData("view --watch")]
    [InlineData("map get m k")]
    [InlineData("map set m k v")]
    [InlineData("map export m")]
    [InlineData("ask any load")]
    public async Task A_dead_agent_is_one_line_and_exit_code_3(string command)
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var url = $"http://{free.LocalEndpoint}";
        free.Stop();
        var (code, output, error) = await Cli.RunAsync($"{command} --agent {url}");
        Assert.Equal((3, ""), (code, output));
        Assert.Equal(
            $"No agent answers at {url}. Start one with 'hearsay agent', or name another with --agent.",
            error.Trim());
    }

    [Fact]
    public async Task What_is_no_agent_is_told_without_a_stack_trace()
    {
        foreach (var (answer, expected) in new[]
        {
            ("220 mail\r\n\r\n", 3), ("HTTP/1.1 404 No\r\nContent-Length: 2\r\n\r\nno", 1), ("", 3),
            ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno", 3),
            ("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nno", 3),
        })
        {
            using var junk = new TcpListener(IPAddress.Loopback, 0);
            junk.Start();
            var serving = ServeAsync(junk, answer);
            var (code, _, error) = await Cli.RunAsync($"peer --agent http://{junk.LocalEndpoint}");
            Assert.True(code == expected, $"{answer}: {code} {error}");
            Assert.Single(error.Trim().Split('\n'));
            junk.Stop();
            await serving;
        }
    }

    /// <summary>Until it is stopped: a client may try again.</summary>
    private static async Task ServeAsync(TcpListener junk, string answer)
    {
        try
        {
            while (true)
            {
                using var connection = await junk.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
                var stream = connection.GetStream();
                await stream.ReadAtLeastAsync(
                    new byte[1024], 16, cancellationToken: TestContext.Current.CancellationToken);
                await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(answer));
            }
        }
        catch (Exception end) when (end is SocketException or InvalidOperationException)
        {
            // It was stopped.
        }
    }

    [Theory]
    [InlineData("peer --agent nowhere", "--agent must be a URL")]
    [InlineData("peer --agent ftp://x", "--agent must be a URL")]
    [InlineData("peers --count 0", "--count must be from 1 to 256")]
    [InlineData("peer --agent-token-file /nowhere/file", "cannot be read")]
    [InlineData("publish t x --agent http://127.0.0.1:1 --seed 127.0.0.1:1", "either --agent or --seed")]
    [InlineData("listen t --cluster c", "--cluster needs --seed")]
    [InlineData("listen t --held", "--held needs --seed")]
    [InlineData("listen t --in-order", "--in-order needs --seed")]
    [InlineData("publish t x --linger 1s", "--linger needs --seed")]
    [InlineData("aggregate a --cycle-time 2s", "--cycle-time needs --seed")]
    [InlineData("aggregate a --cycles-per-epoch 9", "--cycles-per-epoch needs --seed")]
    [InlineData("metadata 00 --set x --agent http://127.0.0.1:1", "agent's own metadata")]
    public async Task Mistakes_end_with_2_and_are_named(string command, string message)
    {
        var (code, _, error) = await Cli.RunAsync(command);
        Assert.Equal(2, code);
        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    private static async Task<string> ExpectAsync(string command, string expected)
    {
        var (code, output, error) = await Cli.RunAsync(command);
        Assert.True(code == 0, $"{command}: {code} {output} {error}");
        Assert.Contains(expected, output, StringComparison.Ordinal);
        return output;
    }
}
