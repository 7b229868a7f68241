using System.Text.Json;

namespace Hearsay.Cli.Tests.Up;

/// <summary>Real networks with real sockets: the only tests here that wait for a clock.</summary>
public sealed class UpRunTests
{
    private static readonly string[] Always =
    [
        "nodes", "seed", "interrupted", "options", "cyclesToConverge", "components", "meanViewSize", "inDegreeStdDev",
        "clustering",
        "exchangesPerSecond", "bytesPerNodePerSecond", "coresUsed", "workingSetBytesPerNode",
    ];

    [Fact]
    public async Task A_small_network_converges_and_prints_exactly_the_fields_promised()
    {
        var (code, output, _) = await Cli.RunAsync("up --nodes 12 --cycle-time 100ms --seed 7 --json");
        var run = JsonDocument.Parse(output).RootElement;
        Assert.Equal(0, code);
        Assert.Equal(Always, run.EnumerateObject().Select(property => property.Name));
        Assert.Equal(12, run.GetProperty("nodes").GetInt32());
        Assert.Equal(7UL, run.GetProperty("seed").GetUInt64());
        Assert.False(run.GetProperty("interrupted").GetBoolean());
        Assert.Equal("100ms", run.GetProperty("options").GetProperty("cycleTime").GetString());
        Assert.Equal("tail", run.GetProperty("options").GetProperty("selection").GetString());
        Assert.Equal(JsonValueKind.Null, run.GetProperty("options").GetProperty("kill").ValueKind);
        Assert.InRange(run.GetProperty("cyclesToConverge").GetInt32(), 1, 30);
        Assert.Equal(1, run.GetProperty("components").GetInt32());
        Assert.InRange(run.GetProperty("meanViewSize").GetDouble(), 10, 11);
        Assert.InRange(run.GetProperty("exchangesPerSecond").GetDouble(), 30, 200);
        Assert.All(Always[^4..], name => Assert.True(run.GetProperty(name).GetDouble() > 0));
    }

    [Fact]
    public async Task Survivors_of_a_crash_forget_the_dead()
    {
        var (code, output, _) = await Cli.RunAsync("up --nodes 16 --cycle-time 100ms --kill 0.5 --view-size 12 --json");
        var run = JsonDocument.Parse(output).RootElement;
        Assert.Equal(0, code);
        Assert.Equal([.. Always, "deadLinks", "healCycles"], run.EnumerateObject().Select(property => property.Name));
        var links = run.GetProperty("deadLinks").EnumerateArray().Select(count => count.GetInt32()).ToList();
        Assert.Equal(30, links.Count);
        Assert.True(links[0] > 0);
        Assert.Equal(links.IndexOf(0) + 1, run.GetProperty("healCycles").GetInt32());
        Assert.Equal(1, run.GetProperty("components").GetInt32());
        Assert.InRange(run.GetProperty("meanViewSize").GetDouble(), 6, 7);
    }

    [Fact]
    public async Task A_map_is_equal_again_after_a_partition_with_writes_on_both_sides()
    {
        var (code, output, error) = await Cli.RunAsync("up --nodes 8 --cycle-time 100ms --cycles 12 --map --json");
        var run = JsonDocument.Parse(output).RootElement;
        Assert.Equal(0, code);
        var map = run.GetProperty("map");
        Assert.Equal(161, map.GetProperty("keys").GetInt32());
        Assert.Equal(0, map.GetProperty("lostIncrements").GetInt32());
        Assert.InRange(map.GetProperty("healedMs").GetDouble(), 0, 12_000);
        Assert.InRange(map.GetProperty("lackedBytesPerNode").GetDouble(), 4_000, 6_000);
        Assert.Contains("cut in two", error, StringComparison.Ordinal);
        (code, _, error) = await Cli.RunAsync("up --nodes 3 --map");
        Assert.Equal(2, code);
        Assert.Contains("--map needs --nodes from 4 to 1,000, not 3.", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nodes_learn_from_a_file_that_is_split_over_them()
    {
        var (code, output, error) = await Cli.RunAsync(
            "up --nodes 8 --cycle-time 200ms --cycles 8 --learn spambase --seed 7 --json");
        var run = JsonDocument.Parse(output).RootElement;
        Assert.True(code is 0 or 1, error);
        Assert.Equal([.. Always, "learning"], run.EnumerateObject().Select(property => property.Name));
        var learning = run.GetProperty("learning");
        Assert.Equal("spambase", learning.GetProperty("data").GetString());
        Assert.InRange(learning.GetProperty("errorBest").GetDouble(), 0.04, 0.12);
        Assert.InRange(learning.GetProperty("errorMedian").GetDouble(), 0.04, 0.14);
        Assert.InRange(learning.GetProperty("centralError").GetDouble(), 0.04, 0.14);
        Assert.InRange(learning.GetProperty("localError").GetDouble(), 0.06, 0.3);
    }

    [Theory]
    [InlineData("--learn nowhere.csv", "nowhere.csv")]
    [InlineData("--learn digits --nodes 1", "--nodes from 2")]
    [InlineData("--label spam", "--label needs --learn")]
    [InlineData("--learn digits --label nothing", "no column")]
    public async Task Data_that_cannot_be_learned_from_is_a_usage_error(string options, string reason)
    {
        var (code, output, error) = await Cli.RunAsync("up " + options);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains(reason, error, StringComparison.Ordinal);
    }

    [Fact]
    [Campaign]
    public async Task Under_load_exchanges_are_compared_with_bare_sockets()
    {
        var (code, output, _) = await Cli.RunAsync("up --nodes 8 --cycle-time 50ms --cycles 8 --floor --json");
        var run = JsonDocument.Parse(output).RootElement;
        Assert.True(code is 0 or 1);
        string[] floor = ["floorRatio", "floorMicroseconds", "exchangeMicroseconds"];
        Assert.Equal([.. Always, .. floor], run.EnumerateObject().Select(property => property.Name));

        // What it is belongs to a benchmark: on a busy machine it may be anything.
        Assert.All(floor, name => Assert.True(run.GetProperty(name).GetDouble() > 0));
    }

    [Fact]
    public async Task A_run_that_does_not_converge_says_so()
    {
        var (code, output, _) = await Cli.RunAsync("up --nodes 30 --cycle-time 20ms --cycles 1 --json --kill 0.5");
        var run = JsonDocument.Parse(output).RootElement;
        Assert.Equal(1, code);
        Assert.Equal(JsonValueKind.Null, run.GetProperty("cyclesToConverge").ValueKind);
        Assert.Equal(JsonValueKind.Null, run.GetProperty("healCycles").ValueKind);
        Assert.Equal(0, run.GetProperty("deadLinks").GetArrayLength());
    }

    [Fact]
    public async Task Without_json_people_read_a_line_per_cycle_draws_and_a_summary()
    {
        var (code, output, error) = await Cli.RunAsync(
            "up --nodes 6 --cycle-time 100ms --preset swapper --view-size 10");
        Assert.Equal(0, code);
        Assert.Empty(error);
        Assert.Contains("Warning: --view-size 10", output, StringComparison.Ordinal);
        Assert.Contains("in-degree sd", output, StringComparison.Ordinal);
        Assert.Contains("GetPeers(3)", output, StringComparison.Ordinal);
        Assert.All(
            output.Split(Environment.NewLine).Where(static line => line.Contains(", age ", StringComparison.Ordinal)),
            static line => Assert.InRange(line.Length, 0, 80));
        Assert.Contains("6 nodes converged within", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_alone_is_a_network() =>
        Assert.Equal(0, (await Cli.RunAsync("up --nodes 1 --cycle-time 50ms --json")).ExitCode);
}
