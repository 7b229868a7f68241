using System.Diagnostics;
using Hearsay.Agent.Tests.Http;

namespace Hearsay.Agent.Tests.Reloading;

public sealed class ReloaderTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_changed_file_of_options_changes_what_is_safe_and_tells_what_needs_a_restart()
    {
        await using var seed = await GossipNode.StartAsync(
            new GossipNodeOptions { Bind = "127.0.0.1:0", Cluster = "reload", RandomSeed = LiveSeed.Next() },
            Cancellation);
        var directory = Directory.CreateTempSubdirectory("hearsay-reload-");
        var file = Path.Combine(directory.FullName, "options.json");
        await WriteAsync(file, """{ "bind": "127.0.0.1:0", "cluster": "reload", "cycle-time": "200ms" }""");
        using var agent = new AgentProcess("--config", file);
        await agent.StartedAsync();

        await WriteAsync(file, "{ \"bind\": ");
        await agent.UntilAsync(() => agent.Errors.Contains("nothing is changed"), "the mistake is told");

        await WriteAsync(file, $$"""
            { "bind": "127.0.0.1:0", "cluster": "reload", "cycle-time": "300ms", "seed": "{{seed.LocalAddress}}",
              "view-size": 20, "log-level": "debug", "http-writes-per-second": 1 }
            """);
        await agent.UntilAsync(() => agent.Errors.Contains("reload: done"), "it is read again");
        Assert.Contains("--view-size has changed, and needs a restart", agent.Errors);
        Assert.Contains("reload: done, --seed, --cycle-time, --http-writes-per-second, --log-level.", agent.Errors);
        Assert.Contains("\"cycleTimeSeconds\":0.3,", (await Curl.RunAsync($"curl {agent.Url}/v1/node")).Body);
        await agent.UntilAsync(() => agent.Lines.Contains("peers 1"), "it joined through the new seed");
        await seed.LeaveAsync(Cancellation);
        await agent.UntilAsync(() => agent.Errors.Contains("dbug: "), "its log says more: who has left");
        var statuses = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            statuses.Add((await Curl.RunAsync($"curl -X PUT {agent.Url}/v1/node/metadata -d {i}")).Status);
        }

        Assert.Contains("429", statuses);
        agent.Terminate();
        Assert.Equal(0, await agent.ExitAsync());
        directory.Delete(recursive: true);
    }

    [Fact]
    public async Task A_cycle_time_that_does_not_suit_changes_nothing_and_without_one_the_preset_holds()
    {
        var file = Path.GetTempFileName();
        const string Others = "\"bind\": \"127.0.0.1:0\", \"maximum-timeout\": \"250ms\"";
        await WriteAsync(file, $"{{ {Others}, \"cycle-time\": \"400ms\" }}");
        using var agent = new AgentProcess("--config", file);
        await agent.StartedAsync();
        await WriteAsync(file, $"{{ {Others}, \"cycle-time\": \"200ms\" }}");
        await agent.UntilAsync(() => agent.Errors.Contains("--cycle-time: "), "the mistake is told");
        Assert.Contains("reload: nothing is changed: --cycle-time: MaximumTimeout must be", agent.Errors);
        Assert.Contains("\"cycleTimeSeconds\":0.4,", (await Curl.RunAsync($"curl {agent.Url}/v1/node")).Body);

        await WriteAsync(file, $"{{ {Others} }}");
        await agent.UntilAsync(() => agent.Errors.Contains("reload: done, --cycle-time"), "it is read again");
        Assert.Contains("\"cycleTimeSeconds\":1,", (await Curl.RunAsync($"curl {agent.Url}/v1/node")).Body);
        File.Delete(file);
    }

    [Fact]
    public async Task An_option_that_is_again_what_runs_needs_no_restart()
    {
        var file = Path.GetTempFileName();
        const string Others = "\"bind\": \"127.0.0.1:0\", \"http\": \"127.0.0.1:0\"";
        await WriteAsync(file, $"{{ {Others} }}");
        using var agent = new AgentProcess("--config", file);
        await agent.StartedAsync();
        await WriteAsync(file, $"{{ {Others}, \"view-size\": 20 }}");
        await agent.UntilAsync(() => agent.Errors.Contains("reload: done"), "it is read again");
        Assert.Contains("--view-size has changed, and needs a restart", agent.Errors);

        await WriteAsync(file, $"{{ {Others} }}");
        await agent.UntilAsync(
            () => agent.Errors.Contains("--view-size is again what it was at the start, and needs no restart."),
            "it needs none");
        Assert.Single(agent.Errors.Split('\n'), static line => line.Contains("needs a restart"));
        File.Delete(file);
    }

    [Fact]
    public async Task On_SIGHUP_another_token_counts_at_once()
    {
        using var token = new TokenFile(new string('a', 32), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        using var agent = new AgentProcess("--bind", "127.0.0.1:0", "--http-token-file", token.Path);
        await agent.StartedAsync();
        Assert.Equal("200", await StatusAsync(agent, 'a'));

        await File.WriteAllTextAsync(token.Path, new string('b', 32), Cancellation);
        await Process.Start("kill", ["-HUP", $"{agent.ProcessId}"]).WaitForExitAsync(Cancellation);
        await agent.UntilAsync(() => agent.Errors.Contains("reload: done, --http-token-file."), "it is read again");
        Assert.Equal("401", await StatusAsync(agent, 'a'));
        Assert.Equal("200", await StatusAsync(agent, 'b'));
    }

    [Fact]
    public async Task A_file_of_seeds_is_read_at_the_start_and_when_it_changes()
    {
        await using var seed = await GossipNode.StartAsync(
            new GossipNodeOptions { Bind = "127.0.0.1:0", Cluster = "file", RandomSeed = LiveSeed.Next() },
            Cancellation);
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "# none yet\n", Cancellation);
        using var agent = new AgentProcess(
            "--bind", "127.0.0.1:0", "--cluster", "file", "--cycle-time", "200ms", "--seeds-file", file);
        await agent.StartedAsync();
        Assert.DoesNotContain("peers 1", agent.Lines);

        await WriteAsync(file, $"{seed.LocalAddress}\n");
        await agent.UntilAsync(() => agent.Lines.Contains("peers 1"), "it joined");
        Assert.Contains("reload: done, --seeds-file.", agent.Errors);
        await WriteAsync(file, $"{seed.LocalAddress}\nno seed at all\n");
        var mistake =
            $"reload: nothing is changed: --seeds-file: '{file}', line 2: 'no seed at all' is not HOST[:PORT].";
        await agent.UntilAsync(() => agent.Errors.Contains(mistake), "the mistake is told");
        Assert.DoesNotContain("Parameter", agent.Errors);

        // At a start the other lines count.
        using var next = new AgentProcess(
            "--bind", "127.0.0.1:0", "--cluster", "file", "--cycle-time", "200ms", "--seeds-file", file);
        await next.UntilAsync(() => next.Errors.Contains("warning: --seeds-file"), "the mistake is told");
        await next.UntilAsync(() => next.Lines.Any(static line => line is "peers 1" or "peers 2"), "it joined");
        File.Delete(file);
    }

    /// <summary>As editors do: another file takes its place, so nobody reads half of it.</summary>
    private static async Task WriteAsync(string file, string text)
    {
        await File.WriteAllTextAsync(file + ".new", text, Cancellation);
        File.Move(file + ".new", file, overwrite: true);
    }

    private static async Task<string> StatusAsync(AgentProcess agent, char token) => (await Curl.RunAsync(
        $"curl -H 'Authorization: Bearer {new string(token, 32)}' {agent.Url}/v1/node")).Status;
}
