namespace Hearsay.Agent.Tests.Running;

public sealed class FiveAgentsTests
{
    [Fact]
    public async Task Five_agents_find_each_other_survive_the_kill_of_two_and_take_them_back()
    {
        var data = Directory.CreateTempSubdirectory("hearsay-agents-");
        var agents = new AgentProcess[5];
        try
        {
            agents[0] = Start(data, 0, "127.0.0.1:0");
            await agents[0].StartedAsync();
            var seed = agents[0].Address;
            for (var i = 1; i < agents.Length; i++)
            {
                agents[i] = Start(data, i, "127.0.0.1:0", seed);
            }

            await Task.WhenAll(agents.Select(agent => agent.StartedAsync()));
            await EachSeesAsync(agents, "each sees the other four");
            var killed = agents[3..].Select(agent => (agent.Id, agent.Address)).ToArray();
            await Task.WhenAll(agents[3].KillAsync(), agents[4].KillAsync());
            await EachSeesAsync(agents[..3], "the killed are dropped");

            for (var i = 3; i < 5; i++)
            {
                agents[i].Dispose();
                agents[i] = Start(data, i, killed[i - 3].Address, seed);
            }

            await Task.WhenAll(agents[3..].Select(agent => agent.StartedAsync()));
            Assert.Equal(killed, agents[3..].Select(agent => (agent.Id, agent.Address)));
            await EachSeesAsync(agents, "the killed are taken back");

            agents[1].Terminate();
            Assert.Equal(0, await agents[1].ExitAsync());
            Assert.EndsWith("left", agents[1].Output, StringComparison.Ordinal);
            await EachSeesAsync([agents[0], .. agents[2..]], "the one that left is dropped");
        }
        finally
        {
            foreach (var agent in agents)
            {
                agent?.Dispose();
            }

            data.Delete(recursive: true);
        }
    }

    private static AgentProcess Start(DirectoryInfo data, int number, string bind, params string[] seeds) => new(
        [
            "--bind", bind, "--data", Path.Combine(data.FullName, $"{number}"), "--cycle-time", "200ms", "--verbose",
            .. seeds.SelectMany(seed => (string[])["--seed", seed]),
        ]);

    /// <summary>The view of each agent is exactly the other agents.</summary>
    private static Task EachSeesAsync(AgentProcess[] agents, string what)
    {
        var all = agents.Select(agent => $"{agent.Id}@{agent.Address}").ToArray();
        return Task.WhenAll(agents.Select((agent, i) => agent.UntilAsync(
            () => agent.Peers.ToHashSet().SetEquals(all.Where((_, j) => j != i)), what)));
    }
}
