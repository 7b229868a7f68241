namespace Hearsay.Agent.Tests.Running;

public sealed class AgentUsageTests
{
    [Fact]
    public async Task Mistakes_end_with_2_and_name_option_and_range_without_a_stack_trace()
    {
        using var agent = new AgentProcess("--view-size", "5", "--healing", "99", "--bind", "127.0.0.1:0");

        Assert.Equal(2, await agent.ExitAsync());
        Assert.Contains("--view-size: ViewSize must be even and from 4 to 256, not 5.", agent.Errors);
        Assert.Contains("--healing: Healing must be from 0 to", agent.Errors);
        Assert.DoesNotContain("   at ", agent.Errors);
        Assert.Empty(agent.Output);
    }

    [Fact]
    public async Task A_taken_port_and_a_data_directory_in_use_end_with_1_and_say_so()
    {
        var data = Directory.CreateTempSubdirectory("hearsay-agent-");
        using var first = new AgentProcess("--bind", "127.0.0.1:0", "--data", data.FullName);
        await first.StartedAsync();
        using var second = new AgentProcess("--bind", first.Address);
        using var third = new AgentProcess("--bind", "127.0.0.1:0", "--data", data.FullName);

        Assert.Equal(1, await second.ExitAsync());
        Assert.Contains($"{first.Address}: the port is taken", second.Errors);
        Assert.Equal(1, await third.ExitAsync());
        Assert.Contains("is in use by another node", third.Errors);
        Assert.DoesNotContain("   at ", second.Errors + third.Errors);
        await first.KillAsync();
        data.Delete(recursive: true);
    }

    [Fact]
    public async Task On_a_copied_data_directory_an_agent_takes_a_new_id_or_ends_with_1_and_both_say_why()
    {
        var data = Enumerable.Range(0, 3).Select(_ => Directory.CreateTempSubdirectory("hearsay-agent-")).ToArray();
        using var first = new AgentProcess("--bind", "127.0.0.1:0", "--data", data[0].FullName);
        await first.StartedAsync();
        foreach (var copy in data[1..])
        {
            File.Copy(Path.Combine(data[0].FullName, "node.json"), Path.Combine(copy.FullName, "node.json"));
        }

        using var second = new AgentProcess(
            "--bind", "127.0.0.1:0", "--data", data[1].FullName, "--seed", first.Address);
        using var third = new AgentProcess(
            "--bind", "127.0.0.1:0", "--data", data[2].FullName, "--seed", first.Address, "--on-id-conflict", "stop");

        Assert.Equal(1, await third.ExitAsync());
        Assert.Contains($"{first.Address} has run for longer under this node's id {first.Id}, so this node stopped",
            third.Errors);
        Assert.DoesNotContain("   at ", third.Errors);

        // An agent that finds out before it has said that it started, starts under the new id.
        await second.UntilAsync(
            () => second.Lines.Any(line => line.StartsWith("renewed: id ", StringComparison.Ordinal))
                || second.Lines.Any(line => line.StartsWith("started: id ", StringComparison.Ordinal)
                    && !line.Contains(first.Id, StringComparison.Ordinal)), "a new id");
        var belongs = $"The id {first.Id} belongs to the node at {first.Address}";
        await second.UntilAsync(() => second.Errors.Contains(belongs, StringComparison.Ordinal), belongs);
        await first.KillAsync();
        await second.KillAsync();
        Array.ForEach(data, directory => directory.Delete(recursive: true));
    }

    [Fact]
    public async Task A_signal_during_the_start_ends_it_without_a_stack_trace()
    {
        for (var delay = 200; delay <= 900; delay += 50)
        {
            using var agent = new AgentProcess("--bind", "127.0.0.1:0", "--http", "none");
            await Task.Delay(delay, TestContext.Current.CancellationToken);
            agent.Terminate();
            var code = await agent.ExitAsync();
            Assert.True(code is 0 or 143, $"After {delay} ms: {code}\n{agent.Errors}"); // 143: nobody listened yet.
            Assert.DoesNotContain("   at ", agent.Errors);
        }
    }

    [Fact]
    public async Task The_environment_is_stronger_than_the_file_and_the_command_line_than_both()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(
            file, """{ "bind": "127.0.0.1:0", "cluster": "file", "preset": "cyclon" }""",
                TestContext.Current.CancellationToken);
        var environment = new Dictionary<string, string> { ["HEARSAY_CLUSTER"] = "environment" };
        using var second = new AgentProcess(environment, "--config", file);
        using var third = new AgentProcess(environment, "--config", file, "--cluster", "line");

        await Task.WhenAll(second.StartedAsync(), third.StartedAsync());
        Assert.EndsWith("cluster environment", second.Output.Split('\n')[0], StringComparison.Ordinal);
        Assert.EndsWith("cluster line", third.Output.Split('\n')[0], StringComparison.Ordinal);
        File.Delete(file);
    }
}
