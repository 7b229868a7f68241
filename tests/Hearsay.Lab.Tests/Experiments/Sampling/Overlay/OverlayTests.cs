namespace Hearsay.Lab.Tests.Experiments.Sampling.Overlay;

/// <summary>The rows, the summary and the options of the free experiment.</summary>
public sealed class OverlayTests
{
    private static readonly string[] s_row =
    [
        "cycle", "nodes", "inDegreeStdDev", "inDegreeMax", "clustering", "averagePathLength", "components",
        "largestComponent", "deadLinks", "meanViewSize",
    ];

    private static readonly string[] s_summary =
    [
        "exchanges", "exchangeSeconds", "exchangesPerSecond", "probeExchangesPerSecond", "stateBytes", "peakBytes",
    ];

    [Fact]
    public async Task Rows_and_summary_have_the_names_of_the_contract_and_the_last_cycle_is_a_row()
    {
        var (code, output, _) = await LabCli.RunAsync(
            "run", "overlay", "--nodes", "200", "--cycles", "7", "--metrics-every", "3", "--json");
        Assert.Equal(0, code);
        var result = LabCli.Parse(output);
        var rows = result.GetProperty("results").EnumerateArray().ToArray();
        Assert.Equal([3, 6, 7], rows.Select(row => row.GetProperty("cycle").GetInt32()));
        Assert.Equal(s_row, rows[0].EnumerateObject().Select(property => property.Name));
        var summary = result.GetProperty("summary");
        Assert.Equal(s_summary, summary.EnumerateObject().Select(property => property.Name));
        Assert.Equal(1_400, summary.GetProperty("exchanges").GetInt64());
        Assert.Empty(result.GetProperty("claims").EnumerateArray());
    }

    [Fact]
    public async Task Defaults_are_rand_pushpull_and_swapper()
    {
        var (_, output, _) = await LabCli.RunAsync("run", "overlay", "--nodes", "50", "--cycles", "1", "--json");
        var parameters = LabCli.Parse(output).GetProperty("parameters");
        Assert.Equal("rand", parameters.GetProperty("selection").GetString());
        Assert.Equal("pushpull", parameters.GetProperty("propagation").GetString());
        Assert.Equal(
            (30, 0, 15, 1, 10),
            (parameters.GetProperty("viewSize").GetInt32(), parameters.GetProperty("healing").GetInt32(),
                parameters.GetProperty("swap").GetInt32(), parameters.GetProperty("seed").GetInt32(),
                parameters.GetProperty("metricsEvery").GetInt32()));
    }

    [Theory]
    [InlineData("--healing 16", "--healing must be from 0 to --view-size/2 = 15, not 16.")]
    [InlineData("--healing 8 --swap 8", "--healing + --swap must be at most --view-size/2 = 15")]
    [InlineData("--view-size 7", "--view-size must be even")]
    [InlineData("--selection best", "--selection must be rand|tail|head, not 'best'.")]
    [InlineData("--tries 3", "--tries needs --evict on.")]
    [InlineData("--engine event --evict off", "--evict off needs --engine bulk")]
    [InlineData("--latency-ms 20", "--latency-ms needs --engine event")]
    [InlineData(
        "--engine event --latency-ms 9..3",
        "--latency-ms must be A or A..B (A at most B), from 0 to 60,000, not '9..3'.")]
    public async Task What_does_not_go_together_is_a_usage_error(string options, string message)
    {
        var (code, output, error) = await LabCli.RunAsync(
            ["run", "overlay", "--nodes", "50", .. options.Split(' ')]);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Eviction_removes_the_dead_that_knowledge_of_the_living_would_keep()
    {
        async Task<int> DeadLinks(params string[] more)
        {
            var (_, output, _) = await LabCli.RunAsync(
                ["run", "heal", "--nodes", "400", "--warmup", "10", "--cycles", "20", "--json", .. more]);
            return LabCli.Parse(output).GetProperty("summary").GetProperty("deadLinksAtEnd").GetInt32();
        }

        Assert.True(await DeadLinks("--evict", "on") < 0.8 * await DeadLinks());
    }
}
