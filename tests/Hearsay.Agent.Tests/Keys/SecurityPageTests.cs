namespace Hearsay.Agent.Tests.Keys;

/// <summary>The commands of docs/security.md, in their order.</summary>
public sealed class SecurityPageTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("hearsay-page-");
    private readonly List<AgentProcess> _agents = [];

    /// <summary>Where the agents are really, by the addresses of the page.</summary>
    private readonly Dictionary<string, string> _addresses = [];

    public void Dispose()
    {
        _agents.ForEach(agent => agent.Dispose());
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task The_commands_of_the_page_lead_from_nothing_to_two_clusters_a_rotation_and_a_revocation()
    {
        foreach (var line in Commands())
        {
            var words = Translate(line.Split(' ')[1..]);
            if (words[0] == "agent")
            {
                await StartAsync(words, line.Split(' '));
                continue;
            }

            if (words[1] == "revoke")
            {
                await _agents[3].UntilAsync(() => _agents[3].Peers.Length == 1, "a peer");
                Assert.Contains(
                    "effective security: identity ('web-7' until ", _agents[2].Errors, StringComparison.Ordinal);
            }

            var (code, _, error) = await Cli.RunAsync(string.Join(' ', words));
            Assert.True(code == 0, $"{line}: {error}");
        }

        Assert.Equal(4, _agents.Count);
        await _agents[1].UntilAsync(() => _agents[1].Peers.Length == 1, "a peer");
        Assert.Contains("effective security: key (", _agents[0].Errors, StringComparison.Ordinal);
        var ring = Path.Combine(_directory.FullName, "keyring");
        Assert.Contains("of version 2", (await Cli.RunAsync($"keys show {ring}")).Output, StringComparison.Ordinal);
        Assert.All(_agents.Take(2), agent => Assert.Contains(
            "The operator has changed the keyring: 2 keys", agent.Errors, StringComparison.Ordinal));
        await _agents[3].UntilAsync(
            () => !_agents[3].Peers.Any(peer => peer.StartsWith(_agents[2].Id, StringComparison.Ordinal)),
            "web-8 has no peer that was revoked");
        await _agents[2].UntilAsync(() => _agents[2].Peers.Length == 0, "web-7 has no peers");
    }

    /// <summary>Files go into a directory of the test, and agents are where they are.</summary>
    private string[] Translate(string[] words) =>
    [
        .. words.Select((word, i) => i > 0 && words[i - 1] == "--name" ? word
            : i > 0 && words[i - 1] == "--seed" ? _addresses[word]
            : word is "keyring" or "operator.key" or "admission" && words[i - 1] != "keys"
                || word.StartsWith("web-", StringComparison.Ordinal)
                || word.StartsWith("admission.", StringComparison.Ordinal)
                ? Path.Combine(_directory.FullName, word) : word),
    ];

    /// <summary>Starts an agent on free ports in place of those of the page.</summary>
    private async Task StartAsync(string[] words, string[] ofPage)
    {
        var arguments = words[1..].Select((word, i) => words[i] == "--bind" ? "127.0.0.1:0" : word);
        var agent = new AgentProcess([.. arguments, "--cycle-time", "200ms", "--verbose", "--http", "none"]);
        _agents.Add(agent);
        await agent.StartedAsync();
        _addresses.Add(ofPage[Array.IndexOf(ofPage, "--bind") + 1], agent.Address);
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
