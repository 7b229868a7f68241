using System.Text;

namespace Hearsay.Agent.Tests.Running;

/// <summary>Maps in the data directory of an agent.</summary>
public sealed class StoredMapsTests
{
    [Fact]
    public async Task What_an_agent_has_answered_for_is_there_after_it_was_killed()
    {
        var data = Directory.CreateTempSubdirectory("hearsay-agents-");
        using var http = new HttpClient();
        try
        {
            using (var agent = Start(data.FullName))
            {
                await agent.StartedAsync();
                for (var i = 0; i < 20; i++)
                {
                    using var answer = await http.PutAsync(
                        Key(agent, i), new ByteArrayContent(Encoding.UTF8.GetBytes($"value {i}")));
                    answer.EnsureSuccessStatusCode();
                }

                await agent.KillAsync();
            }

            Assert.True(File.Exists(Path.Combine(data.FullName, "maps.db")));
            using (var again = Start(data.FullName))
            {
                await again.StartedAsync();
                for (var i = 0; i < 20; i++)
                {
                    Assert.Contains(
                        $"\"value {i}\"", await http.GetStringAsync(Key(again, i)), StringComparison.Ordinal);
                }
            }
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task An_agent_whose_file_of_maps_is_something_else_says_so_and_leaves_it()
    {
        var data = Directory.CreateTempSubdirectory("hearsay-agents-");
        try
        {
            var file = Path.Combine(data.FullName, "maps.db");
            await File.WriteAllTextAsync(file, "This is a list of things to buy.");
            using var agent = Start(data.FullName);
            Assert.Equal(1, await agent.ExitAsync());
            await agent.UntilAsync(
                () => agent.Errors.Contains("it is not an SQLite file", StringComparison.Ordinal), "it says why");
            Assert.Equal("This is a list of things to buy.", await File.ReadAllTextAsync(file));
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    private static AgentProcess Start(string data) => new(
        ["--bind", "127.0.0.1:0", "--http", "127.0.0.1:0", "--data", data, "--maps", "true"]);

    private static Uri Key(AgentProcess agent, int key) => new($"{agent.Url}/v1/maps/m/keys/k{key}");
}
