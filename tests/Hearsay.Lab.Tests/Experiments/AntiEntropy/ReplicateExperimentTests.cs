namespace Hearsay.Lab.Tests.Experiments.AntiEntropy;

public sealed class ReplicateExperimentTests
{
    [Theory]
    [InlineData("auto")]
    [InlineData("pull")]
    public async Task Nothing_is_lost_through_losses_and_a_partition_and_all_end_equal(string mode)
    {
        var (code, output, _) = await LabCli.RunAsync(
            "run", "replicate", "--mode", mode, "--nodes", "8", "--writes-per-second", "20", "--seconds", "20",
            "--partition-seconds", "8", "--json");
        var result = LabCli.Parse(output);
        var summary = result.GetProperty("summary");
        Assert.Equal(0, code);
        Assert.Equal(0, summary.GetProperty("lostWrites").GetInt64());
        Assert.Equal(0, summary.GetProperty("divergentReplicas").GetInt64());
        Assert.True(summary.GetProperty("writes").GetInt64() > 350);
        Assert.True(summary.GetProperty("exchanges").GetInt64() > 8);
        Assert.True(summary.GetProperty("latencyMsP99").GetDouble() > 0);
    }

    [Fact]
    public async Task Deltas_end_equal_too_and_come_more_often_where_everything_is_passed_on()
    {
        var (deltas, bprr) = (await RedundancyAsync("deltas"), await RedundancyAsync("bprr"));
        Assert.InRange(bprr, 1, 0.8 * deltas);
    }

    [Theory]
    [InlineData("--nodes", "1001")]
    [InlineData("--partition-seconds", "50")]
    [InlineData("--mode", "merkle")]
    public async Task What_cannot_be_run_is_a_usage_error(string option, string value) =>
        Assert.Equal(2, (await LabCli.RunAsync("run", "replicate", option, value)).ExitCode);

    private static async Task<double> RedundancyAsync(string mode)
    {
        var (code, output, _) = await LabCli.RunAsync(
            "run", "replicate", "--mode", mode, "--nodes", "8", "--writes-per-second", "20", "--seconds", "12",
            "--partition-seconds", "5", "--json");
        var summary = LabCli.Parse(output).GetProperty("summary");
        Assert.Equal(0, code);
        Assert.Equal(0, summary.GetProperty("lostWrites").GetInt64());
        Assert.Equal(0, summary.GetProperty("divergentReplicas").GetInt64());
        return summary.GetProperty("redundantPayload").GetDouble();
    }
}
