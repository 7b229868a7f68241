using System.Text.Json;

namespace Hearsay.Agent.Tests.Calls;

public sealed class AskCommandTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_agent_asks_a_peer_and_reads_and_writes_maps_for_the_command()
    {
        await using var seed = await GossipNode.StartAsync(
            new GossipNodeOptions { Bind = "127.0.0.1:0", Cluster = "ask", RandomSeed = LiveSeed.Next() },
            Cancellation);
        using var answers = seed.HandleRequests(
            "load", static (request, _) => ValueTask.FromResult(request.Payload));
        using var agent = new AgentProcess(
            "--bind", "127.0.0.1:0", "--cluster", "ask", "--seed", $"{seed.LocalAddress}", "--cycle-time", "200ms",
            "--maps", "true", "--evict-on-timeout", "false");
        await agent.StartedAsync();
        await agent.UntilAsync(() => agent.Lines.Contains("peers 1"), "a peer");

        await ExpectAsync(agent, 0, "ask any load cpu", "cpu");
        await ExpectAsync(agent, 0, $"ask {seed.Id} load disk", "disk");
        var (_, json, _) = await Cli.RunAsync($"ask any load cpu --json --agent {agent.Url}");
        Assert.Equal("cpu", JsonDocument.Parse(json).RootElement.GetProperty("text").GetString());
        await ExpectAsync(agent, 1, "ask any nothing", "has no handler for 'nothing'");
        await ExpectAsync(agent, 1, $"ask {new string('a', 32)} load", "peer");

        await ExpectAsync(agent, 0, "map set config colour green", "at the agent");
        await ExpectAsync(agent, 0, "map get config colour", "green");
        await ExpectAsync(agent, 0, "map keys config --values", "colour\tgreen");
        await ExpectAsync(agent, 0, "map watch config --count 1", "colour\tgreen");
        await ExpectAsync(agent, 0, "map status config", "1 key");
        await ExpectAsync(agent, 0, "map export config", """{"key":"colour","text":"green"}""");
        await ExpectAsync(agent, 0, "map remove config colour", "at the agent");
        await ExpectAsync(agent, 1, "map remove config colour", "The map has no key 'colour'.");
        await ExpectAsync(agent, 1, "map get config colour", "does not have this key");
        await ExpectAsync(agent, 2, "map get config colour --cluster x", "--cluster needs --seed");
    }

    [Fact]
    public async Task While_nobody_has_a_number_the_command_says_what_it_waits_for()
    {
        using var agent = new AgentProcess("--bind", "127.0.0.1:0", "--cycle-time", "200ms");
        await agent.StartedAsync();
        await ExpectAsync(agent, 0, "health", "healthy, 0 peers");
        using var waiting = new HearsayProcess(
            new Dictionary<string, string> { ["HEARSAY_AGENT"] = agent.Url }, "aggregate", "nothing");
        await waiting.UntilAsync(
            () => waiting.Errors.Split('\n').Count(static line => line.Contains("part; no estimate yet")) > 2,
            "it says that it waits, again and again");
    }

    private static async Task ExpectAsync(AgentProcess agent, int expected, string command, string text)
    {
        var (code, output, error) = await Cli.RunAsync($"{command} --agent {agent.Url}");
        Assert.True(code == expected, $"{command}: {code} {output} {error}");
        Assert.Contains(text, output + error, StringComparison.Ordinal);
    }
}
