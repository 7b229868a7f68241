namespace Hearsay.Simulation.Tests.Rumors;

/// <summary>
/// Bulk runs of the shipped kernel against the literature, with few trials: residue within 10 %, traffic within 2 %,
/// the last cycle within 0.5. The lab repeats it with 2,000.
/// </summary>
public sealed class RumorRunTests
{
    private static readonly RumorOptions s_push = new()
    {
        Mode = RumorMode.Push, NewPerCycle = 1, MaximumAgeCycles = 1_000,
    };

    private static readonly RumorOptions s_coin = s_push with { Feedback = false, Interest = RumorInterest.Coin };

    [Theory]
    [InlineData(1, 0.1747, 1.744, 16.85)]
    [InlineData(2, 0.0368, 3.299, 16.97)]
    [InlineData(3, 0.0108, 4.533, 17.32)]
    public void Push_with_feedback_and_counter_is_table_1_of_Demers(int k, double residue, double traffic,
        double last) =>
        AssertNear(Mean(s_push with { K = k }, 1_000, 400), residue, traffic, last);

    [Fact]
    public void Push_blind_with_a_coin_is_table_2_of_Demers() =>
        AssertNear(Mean(s_coin with { K = 2 }, 1_000, 1_000), 0.204, 1.592, 32.9);

    [Fact]
    public void Pull_with_feedback_and_counter_is_table_3_of_Demers() =>
        AssertNear(Mean(s_push with { Mode = RumorMode.Pull, K = 1 }, 1_000, 400), 0.0313, 2.7, 17.54);

    [Theory]
    [InlineData(4, 0.9802)]
    [InlineData(5, 0.9930)]
    public void Infect_and_die_reaches_the_root_of_its_equation(int fanout, double share)
    {
        var mean = Mean(s_push with { Feedback = false, K = 1, Fanout = fanout }, 10_000, 30);
        Assert.InRange(1 - mean.Residue, share - 0.0005, share + 0.0005);
    }

    [Fact]
    public void Median_counter_reaches_all_with_its_published_messages()
    {
        var mean = Mean(s_push with { Mode = RumorMode.MedianCounter, K = 3, MaximumAgeCycles = 100 }, 10_000, 10);
        Assert.Equal(0, mean.Residue);
        Assert.InRange(mean.Traffic, 14.0, 15.0);
    }

    [Theory]
    [InlineData(0, 1.03, 18)]
    [InlineData(0.1, 1.17, 23)]
    public void Push_then_pull_reaches_all_with_one_payload_each(double loss, double payloads, int cycles)
    {
        var options = s_push with
        {
            Mode = RumorMode.PushThenPull, PushCycles = RumorOptions.PushCyclesFor(10_000, loss > 0),
        };
        var mean = Mean(options, 10_000, 10, loss);
        Assert.Equal(0, mean.Residue);
        Assert.InRange(mean.Traffic, 1, payloads);
        Assert.InRange(mean.Last, 1, cycles);
    }

    [Fact]
    public void Control_one_push_cycle_too_many_is_noticed()
    {
        var options = s_push with
        {
            Mode = RumorMode.PushThenPull, PushCycles = RumorOptions.PushCyclesFor(10_000) + 1,
        };
        Assert.True(Mean(options, 10_000, 10).Traffic > 1.03);
    }

    [Fact]
    public void Hunting_and_a_connection_limit_help_push_and_a_limit_hurts_pull()
    {
        var free = Mean(s_push with { K = 2 }, 1_000, 100);
        var limited = Mean(s_push with { K = 2, ConnectionLimit = 1 }, 1_000, 100);
        var hunted = Mean(s_push with { K = 2, ConnectionLimit = 1, HuntLimit = 4 }, 1_000, 100);
        Assert.True(limited.Residue < 0.8 * free.Residue);
        Assert.True(hunted.Residue < 0.8 * limited.Residue);
        var pull = s_push with { Mode = RumorMode.Pull };
        Assert.True(Mean(pull with { ConnectionLimit = 1 }, 1_000, 100).Residue > 2 * Mean(pull, 1_000, 100).Residue);
    }

    [Fact]
    public void Minimisation_leaves_fewer_out()
    {
        var options = s_push with { Mode = RumorMode.PushPull, K = 1 };
        var plain = Mean(options with { K = 2 }, 1_000, 300);
        var minimal = Mean(options with { K = 2, Minimise = true }, 1_000, 300);
        Assert.True(minimal.Residue < 0.6 * plain.Residue);
        Assert.True(minimal.Traffic < 1.1 * plain.Traffic);
    }

    [Fact]
    public void The_same_seed_gives_the_same_run_and_another_a_different_one()
    {
        var runs = new ulong[] { 3, 3, 4 }.Select(
            seed => new RumorRun(s_push, 500, seed, 0.1).Finish(new UniformRumorPartners(500))).ToArray();
        Assert.Equal(runs[0], runs[1]);
        Assert.NotEqual(runs[0], runs[2]);
        var again = new RumorRun(s_push, 500, 9, 0.1);
        again.Finish(new UniformRumorPartners(500));
        again.Restart(3);
        Assert.Equal(runs[0], again.Finish(new UniformRumorPartners(500)));
    }

    [Fact]
    public void A_cycle_allocates_nothing()
    {
        var run = new RumorRun(s_push with { Mode = RumorMode.PushPull, Fanout = 3, ConnectionLimit = 5 }, 300, 1);
        var partners = new UniformRumorPartners(300);
        run.Start(0);
        run.Step(partners);
        // The least of three times: the runtime allocates once or twice while it compiles, a cycle would every time.
        var least = long.MaxValue;
        for (var window = 0; window < 3; window++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 7; i++)
            {
                run.Step(partners);
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    private static (double Residue, double Traffic, double Last) Mean(
        RumorOptions options, int nodes, int trials, double loss = 0)
    {
        var run = new RumorRun(options, nodes, 1, loss);
        var outcomes = Enumerable.Range(0, trials).Select(trial =>
        {
            run.Restart((ulong)trial);
            return run.Finish(new UniformRumorPartners(nodes));
        }).ToArray();
        return (outcomes.Average(o => o.Residue), outcomes.Average(o => o.Traffic),
            outcomes.Average(o => (double)o.LastCycle));
    }

    private static void AssertNear(
        (double Residue, double Traffic, double Last) mean, double residue, double traffic, double last)
    {
        Assert.InRange(mean.Residue, 0.9 * residue, 1.1 * residue);
        Assert.InRange(mean.Traffic, 0.98 * traffic, 1.02 * traffic);
        Assert.InRange(mean.Last, last - 0.5, last + 0.5);
    }
}
