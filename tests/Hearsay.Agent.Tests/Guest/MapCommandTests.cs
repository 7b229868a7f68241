using System.Text.Json;
using Hearsay.Agent.Guest;

namespace Hearsay.Agent.Tests.Guest;

/// <summary><c>hearsay map</c> at a network of real sockets.</summary>
public sealed class MapCommandTests
{
    private const string Cluster = "map-guests";

    [Fact]
    public async Task What_a_guest_sets_members_and_other_guests_have()
    {
        await using var members = await Members.StartAsync(3);
        var (code, output, error) = await members.RunAsync("map set config colour green --nodes 2");
        Assert.Equal((0, ""), (code, ComplaintsIn(error)));
        Assert.StartsWith("at ", output, StringComparison.Ordinal);
        Assert.Equal(3, output.Trim().Split(' ').Length);
        Assert.Equal((0, "green"), await members.AskAsync("map get config colour"));

        await members.Nodes[1].GetMap("config").SetAsync("size", "7");
        await members.Nodes[2].GetMap("config").AddAsync("tags", "a");
        await members.Nodes[2].GetMap("config").IncrementAsync("visits", 3, WriteConcern.Nodes(2));
        Assert.Equal((0, "3"), await members.AskAsync("map get config visits"));
        Assert.Equal((0, "{a}"), await members.AskAsync("map get config tags"));
        Assert.Equal(
            (0, $"colour{Environment.NewLine}size{Environment.NewLine}tags{Environment.NewLine}visits"),
            await members.AskAsync("map keys config"));
        Assert.Equal((0, "colour\tgreen"), await members.AskAsync("map keys config --prefix co --values"));

        Assert.Equal(0, (await members.RunAsync("map remove config colour")).ExitCode);
        (code, _, error) = await members.RunAsync("map get config colour");
        Assert.Equal((1, "The map has no key 'colour'."), (code, ComplaintsIn(error)));
        (code, _, error) = await members.RunAsync("map remove config colour");
        Assert.Equal((1, "The map has no key 'colour'."), (code, ComplaintsIn(error)));
    }

    [Fact]
    public async Task The_status_shows_the_root_that_all_have_and_a_map_that_nobody_wrote_is_empty()
    {
        await using var members = await Members.StartAsync(2);
        await members.Nodes[0].GetMap("config").SetAsync("k", "v", WriteConcern.Nodes(1));
        var status = await members.Nodes[1].GetMap("config").ReadStatusAsync();
        var (_, output) = await members.AskAsync("map status config");
        Assert.Contains($"root {status.Root}", output, StringComparison.Ordinal);
        Assert.StartsWith("1 key", output, StringComparison.Ordinal);

        Assert.Equal((0, ""), await members.AskAsync("map keys typo"));
        Assert.Contains("0 keys", (await members.AskAsync("map status typo")).Output, StringComparison.Ordinal);
        await members.Nodes[0].GetMap("config").SetAsync("k", "w", WriteConcern.Nodes(1));
        Assert.Equal(0, (await members.Nodes[1].GetMap("typo").ReadStatusAsync()).Keys);
    }

    [Fact]
    public async Task A_map_goes_to_a_file_and_from_there_into_another_map()
    {
        await using var members = await Members.StartAsync(2);
        await members.Nodes[0].GetMap("config").SetAsync("colour", "green", WriteConcern.Nodes(1));
        await members.Nodes[1].GetMap("config").IncrementAsync("visits", 3, WriteConcern.Nodes(1));
        string[] lines = ["""{"key":"colour","text":"green"}""", """{"key":"visits","count":3}"""];
        Assert.Equal((0, string.Join(Environment.NewLine, lines)), await members.AskAsync("map export config"));
        var file = Path.GetTempFileName();
        try
        {
            Assert.Equal((0, ""), await members.AskAsync($"map export config --file {file}"));
            Assert.Equal(lines, await File.ReadAllLinesAsync(file));
            Assert.Equal((0, "2 keys"), await members.AskAsync($"map import copy --file {file}"));
            Assert.Equal((0, "3"), await members.AskAsync("map get copy visits"));
            await File.WriteAllTextAsync(file, "nonsense");
            var (code, _, error) = await members.RunAsync($"map import copy --file {file}");
            Assert.Equal(1, code);
            Assert.Contains(
                "Line 1: it cannot be read as JSON from byte 1 on.", error, StringComparison.Ordinal);
            Assert.DoesNotContain("LineNumber", error, StringComparison.Ordinal);
            (code, _, error) = await members.RunAsync($"map import copy --file {file}.none");
            Assert.Equal(1, code);
            Assert.Contains("Could not find", error, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task A_map_of_many_lines_goes_through_an_agent_into_a_file_and_back()
    {
        using var agent = new AgentProcess(
            "--bind", "127.0.0.1:0", "--http", "127.0.0.1:0", "--maps", "true", "--cycle-time", "200ms");
        await agent.StartedAsync();
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            // More than one call of the command takes.
            var (made, back) = (Path.Combine(folder.FullName, "made"), Path.Combine(folder.FullName, "back"));
            var lines = Enumerable.Range(0, 3_000).Select(static i =>
                $$"""{"key":"{{i:D5}}","text":"{{new string((char)('a' + (i % 26)), 900)}}"}""").ToArray();
            await File.WriteAllLinesAsync(made, lines);
            var (code, output, error) = await Cli.RunAsync($"map import config --file {made} --agent {agent.Url}");
            Assert.Equal((0, "3,000 keys", ""), (code, output.Trim(), error));
            (code, _, error) = await Cli.RunAsync($"map export config --file {back} --agent {agent.Url}");
            Assert.Equal((0, $"3,000 keys in '{back}'"), (code, error.Trim()));
            Assert.Equal(lines, await File.ReadAllLinesAsync(back));

            await File.WriteAllLinesAsync(made, [.. lines, "nonsense"]);
            (code, _, error) = await Cli.RunAsync($"map import copy --file {made} --agent {agent.Url}");
            Assert.Equal(1, code);
            Assert.Matches("^Of the lines from 2,[0-9]{3} on: Line [0-9]+: ", error);
            (code, _, error) = await Cli.RunAsync($"map export config --file {made}.none/x --agent {agent.Url}");
            Assert.Equal(1, code);
            Assert.Contains("Could not find", error, StringComparison.Ordinal);
            (code, _, error) = await Cli.RunAsync($"map import copy --file {made}.none --agent {agent.Url}");
            Assert.Equal(1, code);
            Assert.Contains("Could not find", error, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Programs_read_the_same_JSON_through_an_agent_and_as_a_guest()
    {
        using var agent = new AgentProcess(
            "--bind", "127.0.0.1:0", "--http", "127.0.0.1:0", "--maps", "true", "--cycle-time", "200ms", "--cluster",
            Cluster);
        await agent.StartedAsync();
        string[] places = [$"--agent {agent.Url}", $"--seed {agent.Address} --cluster {Cluster}"];
        foreach (var place in places)
        {
            var set = await JsonAsync($"map set config colour green --json {place}");
            Assert.Equal(0, set.GetProperty("nodes").GetArrayLength());
            Assert.True(set.GetProperty("isChanged").GetBoolean());
            Assert.Equal("green", (await JsonAsync($"map get config colour --json {place}"))
                .GetProperty("text").GetString());
            Assert.Equal("colour", (await JsonAsync($"map keys config --json {place}"))
                .GetProperty("key").GetString());
            var seen = await JsonAsync($"map watch config --count 1 --json {place}");
            Assert.Equal("state", seen.GetProperty("event").GetString());
            Assert.Equal("colour", seen.GetProperty("data").GetProperty("key").GetString());
            Assert.Equal(1, (await JsonAsync($"map status config --json {place}")).GetProperty("keys").GetInt32());
            var no = await JsonAsync($"map remove config nothing --json {place}", 1);
            Assert.False(no.GetProperty("isChanged").GetBoolean());
        }

        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, """{"key":"a","count":1}""");
        foreach (var place in places)
        {
            Assert.Equal(1, (await JsonAsync($"map import copy --file {file} --json {place}"))
                .GetProperty("lines").GetInt64());
        }

        File.Delete(file);
        using var watching = new HearsayProcess(
            "map", "get", "config", "nothing", "--watch", "--json", "--agent", agent.Url);
        await watching.UntilAsync(() => watching.Output.Contains("unknown-key"), "the refusal");
        Assert.Equal(404, JsonDocument.Parse(watching.Output).RootElement.GetProperty("status").GetInt32());
    }

    [Fact]
    public async Task A_map_that_is_not_there_is_no_file_and_a_file_without_lines_is_no_map()
    {
        using var agent = new AgentProcess(
            "--bind", "127.0.0.1:0", "--http", "127.0.0.1:0", "--maps", "true", "--cycle-time", "200ms", "--cluster",
            Cluster);
        await agent.StartedAsync();
        var folder = Directory.CreateTempSubdirectory();
        var (empty, made) = (Path.Combine(folder.FullName, "empty"), Path.Combine(folder.FullName, "made"));
        await File.WriteAllTextAsync(empty, "\n \r\n");
        foreach (var (place, missing) in new[]
        {
            ($"--agent {agent.Url}", "This node holds no map of this name"),
            ($"--seed {agent.Address} --cluster {Cluster}", "The network has no map 'typo', or the map has no keys"),
        })
        {
            var (code, output, error) = await Cli.RunAsync($"map import typo --file {empty} {place}");
            Assert.Equal((1, "", $"'{empty}' has no lines: nothing is written."), (code, output, ComplaintsIn(error)));
            (code, output, error) = await Cli.RunAsync($"map export typo --file {made} {place}");
            Assert.Equal((1, ""), (code, output));
            Assert.StartsWith(missing, ComplaintsIn(error), StringComparison.Ordinal);
            Assert.Equal([empty], folder.GetFiles().Select(static file => file.FullName));
            (code, output, error) = await Cli.RunAsync($"map export typo {place}");
            Assert.Equal((1, ""), (code, output));
            Assert.StartsWith(missing, ComplaintsIn(error), StringComparison.Ordinal);
            (code, _, error) = await Cli.RunAsync($"map remove typo k {place}");
            Assert.Equal((1, "The map has no key 'k'."), (code, ComplaintsIn(error)));
        }

        // None of this has made one.
        var (status, _, why) = await Cli.RunAsync($"map status typo --agent {agent.Url}");
        Assert.True(status == 1, why);
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_counter_that_is_full_takes_no_more_and_says_so()
    {
        using var agent = new AgentProcess("--bind", "127.0.0.1:0", "--http", "127.0.0.1:0", "--maps", "true");
        await agent.StartedAsync();
        Assert.Equal(0, (await Cli.RunAsync($"map increment m n {long.MaxValue} --agent {agent.Url}")).ExitCode);
        var (code, _, error) = await Cli.RunAsync($"map increment m n --agent {agent.Url}");
        Assert.Equal((1, "The counter would be 9223372036854775808, which is beyond the range of 64 bits."),
            (code, error.Trim()));
        var (_, output, _) = await Cli.RunAsync($"map get m n --agent {agent.Url}");
        Assert.Equal($"{long.MaxValue}", output.Trim());
    }

    /// <summary>What is printed and what the help says are the same words.</summary>
    [Theory]
    [InlineData("set")]
    [InlineData("remove")]
    [InlineData("import")]
    public async Task The_help_says_where_a_write_is_when_the_command_ends(string verb)
    {
        var (_, output, _) = await Cli.RunAsync($"map {verb} --help");
        var text = string.Join(' ', output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains($"'{MapText.AtAgent}'", text, StringComparison.Ordinal);
        Assert.DoesNotContain("leave when", text, StringComparison.Ordinal);
    }

    private static async Task<JsonElement> JsonAsync(string command, int expected = 0)
    {
        var (code, output, error) = await Cli.RunAsync(command);
        Assert.True(code == expected, $"{command}: {code} {output} {error}");
        return JsonDocument.Parse(output).RootElement;
    }

    [Fact]
    public async Task Who_watches_sees_the_state_and_the_changes()
    {
        await using var members = await Members.StartAsync(2);
        await members.Nodes[0].GetMap("config").SetAsync("a", "1", WriteConcern.Nodes(1));
        var watching = members.RunAsync("map watch config --count 2");
        for (var i = 2; !watching.IsCompleted; i++)
        {
            await members.Nodes[0].GetMap("config").SetAsync("b", "2");
            await Task.WhenAny(watching, Task.Delay(100));
        }

        var (code, output, _) = await watching;
        Assert.Equal(0, code);
        Assert.Equal(["a\t1", "b\t2"], output.Trim().Split(Environment.NewLine).Distinct());
    }

    [Fact]
    public async Task A_seed_without_maps_is_named_with_what_to_do()
    {
        await using var members = await Members.StartAsync(2, withMaps: false);
        var (code, output, error) = await members.RunAsync("map get config k --patience 20s");
        Assert.Equal((1, ""), (code, output));
        Assert.Contains(
            $"The node at {members.Nodes[0].LocalAddress} holds no maps", error, StringComparison.Ordinal);
        Assert.Contains("start it with --maps true, or name another node", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_seed_that_answers_no_requests_is_named_with_what_to_do()
    {
        await using var mute = await GossipNode.StartAsync(new GossipNodeOptions
        {
            Bind = "127.0.0.1:0", Cluster = Cluster, Maps = new MapOptions(), Requests = null,
        });
        var (code, _, error) = await Cli.RunAsync($"map get config k --seed {mute.LocalAddress} --cluster {Cluster}");
        Assert.Equal(1, code);
        Assert.Contains(
            $"The node at {mute.LocalAddress} is there, and does not answer for its maps", error,
            StringComparison.Ordinal);
    }

    /// <summary>The asked node writes: nothing of a visit stays but what it wrote.</summary>
    [Fact]
    public async Task Four_increments_of_four_visits_leave_one_row_and_nothing_is_held()
    {
        await using var members = await Members.StartAsync(2);
        var map = members.Nodes[0].GetMap("config");
        await map.SetAsync("k", "v", WriteConcern.Nodes(1));
        var before = await map.ReadStatusAsync();
        for (var i = 1; i <= 4; i++)
        {
            var (code, output, _) = await members.RunAsync("map increment config visits --json");
            Assert.Equal((0, """{"isChanged":true,"nodes":[]}"""), (code, output.Trim()));
        }

        Assert.Equal((0, "4"), await members.AskAsync("map get config visits"));
        var after = await map.ReadStatusAsync();
        Assert.Equal((before.Keys + 1, before.Rows + 1), (after.Keys, after.Rows));
        Assert.Equal((0, MapText.AtSeed), await members.AskAsync("map set config k w"));
    }

    [Fact]
    public async Task A_key_that_is_not_there_is_null_for_programs_and_nothing_for_people()
    {
        await using var members = await Members.StartAsync(2);
        var (code, output, error) = await members.RunAsync("map get config nothing --json");
        Assert.Equal((1, "null", "The map has no key 'nothing'."), (code, output.Trim(), ComplaintsIn(error)));
        (code, output, _) = await members.RunAsync("map get config nothing");
        Assert.Equal((1, ""), (code, output));
        await members.Nodes[0].GetMap("config").SetAsync("odd", "null");
        Assert.Equal((0, "null"), await members.AskAsync("map get config odd"));
    }

    /// <summary>More than one request takes in either direction.</summary>
    [Fact]
    public async Task A_map_of_many_lines_goes_through_a_seed_into_a_file_and_back()
    {
        await using var members = await Members.StartAsync(2);
        var folder = Directory.CreateTempSubdirectory();
        var (made, back) = (Path.Combine(folder.FullName, "made"), Path.Combine(folder.FullName, "back"));
        var lines = Enumerable.Range(0, 3_000).Select(static i =>
            $$"""{"key":"{{i:D5}}","text":"{{new string((char)('a' + (i % 26)), 900)}}"}""").ToArray();
        await File.WriteAllLinesAsync(made, lines);
        Assert.Equal((0, "3,000 keys"), await members.AskAsync($"map import config --file {made}"));
        var (code, _, error) = await members.RunAsync($"map export config --file {back}");
        Assert.Equal((0, $"3,000 keys in '{back}'"), (code, ComplaintsIn(error)));
        Assert.Equal(lines, await File.ReadAllLinesAsync(back));
        Assert.Equal(3_000, (await members.AskAsync("map keys config")).Output.Split(Environment.NewLine).Length);

        await File.WriteAllLinesAsync(made, [.. lines, "nonsense"]);
        (code, _, error) = await members.RunAsync($"map import copy --file {made}");
        Assert.Equal(1, code);
        Assert.Matches("^Of the lines from 2,[0-9]{3} on: Line [0-9]+: ", ComplaintsIn(error));
        Assert.EndsWith("The lines before it are written.", ComplaintsIn(error), StringComparison.Ordinal);
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_guest_writes_counters_sets_flags_and_fields_and_what_expires()
    {
        await using var members = await Members.StartAsync(2);
        var map = members.Nodes[1].GetMap("config");
        foreach (var (verb, key, expected) in s_changes)
        {
            Assert.Equal(0, (await members.RunAsync($"map {verb}")).ExitCode);
            Assert.Equal((0, expected), await members.AskAsync($"map get config {key}"));
        }

        Assert.True(map.TryGet("lease", out var lease) && lease.Expires is not null);
        var (code, _, error) = await members.RunAsync("map discard config tags b");
        Assert.Equal((1, "The map has no element 'b' in the key 'tags'."), (code, ComplaintsIn(error)));
        (code, _, error) = await members.RunAsync("map remove config user --field age");
        Assert.Equal((1, "The map has no field 'age' under the key 'user'."), (code, ComplaintsIn(error)));
    }

    [Fact]
    public async Task The_same_goes_through_an_agent_which_can_be_watched()
    {
        // A port that no agent of another test takes once this one is dead.
        using var agent = new AgentProcess(
            "--bind", "127.0.0.1:0", "--http", "127.0.0.1:0", "--maps", "true", "--cycle-time", "200ms");
        await agent.StartedAsync();
        var environment = new Dictionary<string, string> { ["HEARSAY_AGENT"] = agent.Url };
        using var watching = new HearsayProcess(environment, "map", "get", "config", "user", "--watch");
        using var status = new HearsayProcess(environment, "map", "status", "config", "--watch");
        await watching.UntilAsync(() => watching.Output.Contains("does not have this key"), "it has nothing yet");
        foreach (var (verb, key, expected) in s_changes)
        {
            var (code, output, error) = await Cli.RunAsync($"map {verb} --agent {agent.Url}");
            Assert.Equal((0, "at the agent", ""), (code, output.Trim(), error));
            (code, output, _) = await Cli.RunAsync($"map get config {key} --agent {agent.Url}");
            Assert.Equal((0, expected), (code, output.Trim()));
        }

        var (no, _, why) = await Cli.RunAsync($"map discard config tags b --agent {agent.Url}");
        Assert.Equal((1, "The map has no element 'b' in the key 'tags'."), (no, why.Trim()));
        await watching.UntilAsync(() => watching.Output.Contains("{logins: 7; name: Ada}"), "what it has now");
        await status.UntilAsync(() => status.Output.Contains("5 keys"), "how much it has now");
        await agent.KillAsync();
        Assert.Equal(3, await watching.ExitAsync());
        Assert.Equal(3, await status.ExitAsync());
        Assert.DoesNotContain("   at ", watching.Errors);
    }

    /// <summary>What is written, the key, and what it has then.</summary>
    private static readonly (string Verb, string Key, string Expected)[] s_changes =
    [
        ("increment config visits 5", "visits", "5"),
        ("increment config visits -2", "visits", "3"),
        ("add config tags a", "tags", "{a}"),
        ("add config tags b --ttl 1h", "tags", "{a, b}"),
        ("discard config tags b", "tags", "{a}"),
        ("raise config up", "up", "raised"),
        ("set config lease me --ttl 1h", "lease", "me"),
        ("set config user Ada --field name --ttl 1h", "user", "{name: Ada}"),
        ("increment config user 7 --field logins", "user", "{logins: 7; name: Ada}"),
    ];

    [Theory]
    [InlineData("map increment config k 1 --ttl 5s --seed 127.0.0.1:1")]
    [InlineData("map set config k v --ttl 5 --seed 127.0.0.1:1")]
    [InlineData("map add config k --seed 127.0.0.1:1")]
    [InlineData("map increment config k many --seed 127.0.0.1:1")]
    [InlineData("map get")]
    [InlineData("map get config --seed 127.0.0.1:1")]
    [InlineData("map set config k v --nodes 0 --seed 127.0.0.1:1")]
    [InlineData("map frob config")]
    public async Task A_usage_error_is_told_before_anything_is_joined(string arguments) =>
        Assert.Equal(2, (await Cli.RunAsync(arguments)).ExitCode);

    private static string ComplaintsIn(string error) => string.Join('\n', error.Split(
        Environment.NewLine, StringSplitOptions.RemoveEmptyEntries)
        .Where(static line => !line.EndsWith("...", StringComparison.Ordinal)));

    private sealed class Members : IAsyncDisposable
    {
        public List<GossipNode> Nodes { get; } = [];

        public static async Task<Members> StartAsync(int count, bool withMaps = true)
        {
            var members = new Members();
            for (var i = 0; i < count; i++)
            {
                members.Nodes.Add(await GossipNode.StartAsync(new GossipNodeOptions
                {
                    Bind = "127.0.0.1:0", Cluster = Cluster,
                    Seeds = i == 0 ? [] : [members.Nodes[0].LocalAddress.ToString()],
                    Sampling = new PeerSamplingOptions { CycleTime = TimeSpan.FromMilliseconds(100) },
                    Maps = withMaps ? new MapOptions { CycleTime = TimeSpan.FromMilliseconds(100) } : null,
                }));
            }

            await Task.WhenAll(members.Nodes.Select(node => node.WaitForPeersAsync(count - 1)));
            return members;
        }

        public Task<(int ExitCode, string Output, string Error)> RunAsync(string arguments) =>
            Cli.RunAsync($"{arguments} --seed {Nodes[0].LocalAddress} --cluster {Cluster}");

        public async Task<(int ExitCode, string Output)> AskAsync(string arguments)
        {
            var (code, output, _) = await RunAsync(arguments);
            return (code, output.Trim());
        }

        public async ValueTask DisposeAsync() =>
            await Task.WhenAll(Nodes.Select(static node => node.DisposeAsync().AsTask()));
    }
}
