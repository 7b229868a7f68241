namespace Hearsay.Agent.Tests.Keys;

/// <summary>The commands of docs/security.md, in their order.</summary>
public sealed class SecurityPageTests
{
    [Fact]
    public async Task The_commands_of_the_page_lead_from_nothing_to_a_cluster()
    {
        var directory = Directory.CreateTempSubdirectory("hearsay-page-");
        var ring = Path.Combine(directory.FullName, "keyring");
        var agents = new List<AgentProcess>();
        try
        {
            foreach (var line in Commands())
            {
                var words = line.Split(' ')[1..].Select(word => word switch
                {
                    "keyring" => ring,
                    "operator.key" => Path.Combine(directory.FullName, word),
                    "127.0.0.1:7946" when agents.Count > 0 => agents[0].Address,
                    _ => word,
                }).ToArray();
                if (words[0] != "agent")
                {
                    var (code, _, error) = await Cli.RunAsync(string.Join(' ', words));
                    Assert.True(code == 0, $"{line}: {error}");
                    continue;
                }

                agents.Add(await StartAsync(words, agents.FirstOrDefault()?.Address));
            }

            Assert.Equal(2, agents.Count);
            await agents[1].UntilAsync(() => agents[1].Peers.Length == 1, "a peer");
            Assert.Contains("of version 2", (await Cli.RunAsync($"keys show {ring}")).Output, StringComparison.Ordinal);
            Assert.All(agents, agent => Assert.Contains(
                "The operator has changed the keyring: 2 keys", agent.Errors, StringComparison.Ordinal));
            Assert.Contains("effective security: key (", agents[0].Errors, StringComparison.Ordinal);
        }
        finally
        {
            agents.ForEach(agent => agent.Dispose());
            directory.Delete(recursive: true);
        }
    }

    /// <summary>Starts an agent on free ports in place of those of the page.</summary>
    private static async Task<AgentProcess> StartAsync(string[] words, string? seed)
    {
        var arguments = words[1..].Select((word, i) => words[i] switch
        {
            "--bind" => "127.0.0.1:0",
            "--seed" => seed!,
            _ => word,
        });
        var agent = new AgentProcess([.. arguments, "--cycle-time", "200ms", "--verbose", "--http", "none"]);
        await agent.StartedAsync();
        return agent;
    }

    private static IEnumerable<string> Commands()
    {
        var isShell = false;
        foreach (var line in File.ReadLines(Path.Combine(Root(), "docs", "security.md")))
        {
            isShell = line.StartsWith("```", StringComparison.Ordinal) ? line == "```sh" : isShell;
            if (isShell && line.StartsWith("hearsay ", StringComparison.Ordinal))
            {
                yield return line;
            }
        }
    }

    private static string Root()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "Hearsay.slnx")))
        {
            directory = directory.Parent!;
        }

        return directory.FullName;
    }
}
