
namespace Hearsay.Lab.Tests.Experiments.AntiEntropy;

/// <summary>The short form of the campaign: ten thousand random schedules, and all of three steps.</summary>
public sealed class SchedulesExperimentTests
{
    private static readonly string[] s_failures = ["resurrections", "lostWrites", "divergent"];

    [Fact]
    [Campaign]
    public async Task The_product_loses_and_resurrects_nothing_in_ten_thousand_random_schedules()
    {
        var (code, output, _) = await LabCli.RunAsync("run", "schedules", "--json");
        var result = LabCli.Parse(output);
        var summary = result.GetProperty("summary");
        Assert.Equal(10_000, summary.GetProperty("schedules").GetDouble());
        Assert.All(s_failures, failure => Assert.Equal(0, summary.GetProperty(failure).GetInt64()));
        Assert.Equal((0, 3), (code, result.GetProperty("claims").GetArrayLength()));

        // Schedules in which nothing reaches anybody would prove nothing.
        var dots = result.GetProperty("results")[0];
        Assert.True(dots.GetProperty("eventsApplied").GetInt64() > 10_000);
        Assert.True(dots.GetProperty("exchanges").GetInt64() > 10_000);
    }

    [Fact]
    [Campaign]
    public async Task The_product_loses_and_resurrects_nothing_in_any_schedule_of_three_steps()
    {
        var (code, output, _) = await LabCli.RunAsync(
            "run", "schedules", "--exhaustive", "on", "--operations", "3", "--json");
        var summary = LabCli.Parse(output).GetProperty("summary");
        Assert.All(s_failures, failure => Assert.Equal(0, summary.GetProperty(failure).GetInt64()));
        var schedules = summary.GetProperty("schedules").GetDouble();
        Assert.True(schedules > 9_000);
        Assert.InRange(summary.GetProperty("statesJudged").GetInt64(), 2_000, schedules);
        Assert.Equal(0, code);
    }

    [Theory]
    [InlineData("grace", "resurrections")]
    [InlineData("early-context", "lostWrites")]
    [InlineData("damaged-row", "lostWrites")]
    [InlineData("reused-epoch", "lostWrites")]
    [InlineData("bare-removal", "lostWrites")]
    public async Task Control_every_store_with_a_defect_fails(string store, string failure)
    {
        var (code, output, _) = await LabCli.RunAsync(
            "run", "schedules", "--store", store, "--schedules", "1000", "--json");
        var result = LabCli.Parse(output);
        Assert.True(result.GetProperty("summary").GetProperty(failure).GetInt64() > 0);
        Assert.NotEmpty(result.GetProperty("summary").GetProperty("firstFailure").GetString()!);
        Assert.Equal((0, 1), (code, result.GetProperty("claims").GetArrayLength()));
    }

    [Fact]
    [Campaign]
    public async Task Exhaustive_search_finds_the_defect_of_a_control()
    {
        var (_, output, _) = await LabCli.RunAsync(
            "run", "schedules", "--store", "damaged-row", "--exhaustive", "on", "--operations", "3", "--json");
        Assert.True(LabCli.Parse(output).GetProperty("summary").GetProperty("lostWrites").GetInt64() > 0);
    }

    [Fact]
    public async Task More_steps_than_can_be_exhausted_are_a_usage_error()
    {
        var (code, _, error) = await LabCli.RunAsync("run", "schedules", "--exhaustive", "on", "--operations", "9");
        Assert.Equal(2, code);
        Assert.Contains("--operations must be at most 8 with --exhaustive on, not 9.", error, StringComparison.Ordinal);
    }
}
