using Hearsay.Cli.Up;
using Hearsay.Cli.Up.Network;

namespace Hearsay.Cli.Tests.Up;

public sealed class UpPlanTests
{
    private static readonly UpSettings s_settings = new();

    [Fact]
    public void A_run_ends_ten_cycles_after_convergence() =>
        Assert.Equal(new UpPlan(13, 0, 13), UpPlan.Of(s_settings, 3));

    [Fact]
    public void Nodes_crash_ten_cycles_after_convergence_and_healing_is_watched_for_thirty() =>
        Assert.Equal(new UpPlan(13, 30, 43), UpPlan.Of(s_settings with { Kill = 0.5 }, 3));

    [Theory]
    [InlineData(100, 13, 87)]
    [InlineData(23, 13, 10)]
    [InlineData(13, 8, 5)]
    public void With_a_given_end_they_crash_halfway_to_it_at_the_latest(int cycles, double crash, int healing) =>
        Assert.Equal(
            new UpPlan(crash, healing, cycles), UpPlan.Of(s_settings with { Kill = 0.5, Cycles = cycles }, 3));

    [Fact]
    public void Without_a_crash_the_run_lasts_as_long_as_it_was_told() =>
        Assert.Equal(new UpPlan(13, 0, 60), UpPlan.Of(s_settings with { Cycles = 60 }, 3));
}
