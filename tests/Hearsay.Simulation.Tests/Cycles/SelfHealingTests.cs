namespace Hearsay.Simulation.Tests;

/// <summary>Gates P5 and P6, sections 10.3 and 10.4: half of the nodes die at once, and more.</summary>
public class SelfHealingTests
{
    [Fact]
    public void Healer_has_no_dead_link_after_8_cycles()
    {
        var run = Oracle.AfterCrashOfHalf(Oracle.Preset("healer"), cycles: 30);
        Oracle.Near(run.CountDeadLinks(), 75_000);
        run.Run(1);
        Oracle.Near(run.CountDeadLinks(), 69_516);
        run.Run(2);
        Oracle.Near(run.CountDeadLinks(), 19_824);
        run.Run(5);
        Assert.Equal(0, run.CountDeadLinks());
    }

    [Fact]
    public void With_a_healing_of_one_the_last_dead_link_goes_around_cycle_30()
    {
        var run = Oracle.AfterCrashOfHalf(Oracle.Preset("blind") with { Healing = 1 });
        run.Run(10);
        Oracle.Near(run.CountDeadLinks(), 52_514);
        for (; run.CountDeadLinks() > 0 && run.Cycle < 160; run.Run(1))
        {
        }

        Assert.InRange(run.Cycle - 60, 27, 33);
    }

    [Theory]
    [InlineData("blind", Propagation.PushPull, 66_423)]
    [InlineData("swapper", Propagation.PushPull, 64_377)]
    [InlineData("blind", Propagation.Push, 69_815)]
    public void Without_healing_most_dead_links_are_there_after_10_cycles(
        string preset, Propagation propagation, int dead)
    {
        var run = Oracle.AfterCrashOfHalf(Oracle.Preset(preset) with { Propagation = propagation });
        run.Run(10);
        Oracle.Near(run.CountDeadLinks(), dead);
    }

    [Theory]
    [InlineData("healer")]
    [InlineData("swapper")]
    public void A_crash_of_70_percent_does_not_partition(string preset)
    {
        for (var attempt = 0UL; attempt < 3; attempt++)
        {
            var run = new CycleRunner(
                new CycleOptions { Rules = Oracle.Preset(preset).ToRules(), Seed = attempt }, 3_000);
            run.Run(30);
            run.Kill(0.7);
            Assert.Equal((1, 900), ComponentMetric.Of(run.Snapshot()));
        }
    }

    [Fact]
    public void Three_tries_with_eviction_heal_as_fast_as_knowing_who_lives_and_one_try_does_not()
    {
        var three = Oracle.AfterCrashOfHalf(Oracle.Preset("healer"), tries: 3, cycles: 30);
        three.Run(8);
        Assert.InRange(three.CountDeadLinks(), 0, 10);
        var one = Oracle.AfterCrashOfHalf(Oracle.Preset("healer"), tries: 1, cycles: 30);
        one.Run(7);

        // The reference has 1,329 in one run; six seeds of this engine gave 1,437 to 1,668.
        Assert.InRange(one.CountDeadLinks(), 1_200, 1_800);
    }
}
