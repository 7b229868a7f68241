using Hearsay.Protocols;
using Hearsay.Protocols.Aggregation.Sketches;
using Hearsay.Protocols.Aggregation.Tournament;
using Hearsay.Protocols.Core;
using Hearsay.Simulation.Aggregation;

namespace Hearsay.Simulation.Tests.Aggregation;

/// <summary>The bulk runs against theory and published figures, at sizes that take a fraction of a second.</summary>
public sealed class BulkAggregationTests
{
    private const int Nodes = 20_000;

    [Fact]
    public void Variance_falls_by_the_factor_of_theory_and_the_sum_stays()
    {
        var (values, mean) = Uniform(Nodes);
        var run = new AveragingRun(values, 1, new GossipFaults(), seed: 3);
        run.Step();
        var factor = Factor(run, mean, 24);
        Assert.InRange(factor, 0.295, 0.312);
        Assert.Equal(mean, run.Measure(mean).Mean, 1e-12 * mean);
    }

    [Theory]
    [InlineData(0.2)]
    [InlineData(0.5)]
    public void Failing_links_slow_down_as_the_formula_says_and_shift_nothing(double failing)
    {
        var (values, mean) = Uniform(Nodes);
        var run = new AveragingRun(values, 1, new GossipFaults { LinkFailure = failing }, seed: 3);
        var exact = (1 + failing) / 2 * Math.Exp(-(1 - failing) / 2);
        Assert.Equal(exact, Factor(run, mean, 25), 0.03 * exact);
        Assert.Equal(mean, run.Measure(mean).Mean, 1e-12 * mean);
    }

    [Fact]
    public void Lost_answers_shift_the_mean_and_tries_heal_it()
    {
        double Bias(int tries)
        {
            var squares = 0.0;
            for (var seed = 1ul; seed <= 20; seed++)
            {
                var (values, mean) = Uniform(2000);
                var run = new AveragingRun(values, 1, new GossipFaults { Loss = 0.2, Tries = tries }, seed);
                Step(run, 30);
                squares += Math.Pow(run.Measure(mean).Bias, 2);
            }

            return Math.Sqrt(squares / 20);
        }

        var (once, thrice, often) = (Bias(1), Bias(3), Bias(10));
        Assert.True(once > thrice && thrice > often, $"{once}, {thrice}, {often}");
        // 0.31 CV/sqrt N was fitted to many more runs; a mean of 20 squares is within a third of its own.
        Assert.InRange(once, 0.5 * 0.31 * 0.577 / Math.Sqrt(2000), 1.5 * 0.31 * 0.577 / Math.Sqrt(2000));
    }

    [Fact]
    public void The_same_seed_gives_the_same_numbers_and_another_does_not()
    {
        double[] Run(ulong seed)
        {
            var run = new AveragingRun(Uniform(500).Values, 1, new GossipFaults { Loss = 0.1, Crash = 0.01 }, seed);
            Step(run, 10);
            return run.Values;
        }

        Assert.Equal(Run(1), Run(1));
        Assert.NotEqual(Run(1), Run(2));
    }

    [Fact]
    public void Vectors_are_averaged_cell_by_cell_like_single_numbers()
    {
        var (single, _) = Uniform(1000);
        var both = single.SelectMany(static value => new[] { value, 1 - value }).ToArray();
        var (one, two) = (new AveragingRun(single, 1, new GossipFaults { Loss = 0.2 }, 5),
            new AveragingRun(both, 2, new GossipFaults { Loss = 0.2 }, 5));
        Step(one, 12);
        Step(two, 12);
        for (var node = 0; node < 1000; node++)
        {
            Assert.Equal(single[node], both[2 * node]);
        }
    }

    [Fact]
    public void Joiners_wait_and_the_dead_take_part_no_more()
    {
        var (values, mean) = Uniform(1000);
        var run = new AveragingRun(values, 1, new GossipFaults { Crash = 0.01, Replace = true }, seed: 1);
        Step(run, 10);
        Assert.Equal(1000, run.Population.Count);
        // Ten a cycle, of which a few are crashed a second time.
        Assert.InRange(run.Population.Waiting, 90, 100);
        Assert.Equal(1000 - run.Population.Waiting, run.Measure(mean).Nodes);
        run.Population.Admit();
        Assert.Equal(1000, run.Measure(mean).Nodes);
    }

    [Fact]
    public void Sketches_become_the_union_of_all_although_a_fifth_is_lost()
    {
        const int Width = 256;
        var sketches = new HyperLogLogs(new byte[(2000 + 1) * Width], Width);
        for (var node = 0; node < 2000; node++)
        {
            HyperLogLog.Add(sketches.Row(node), new KeyedHash(1, 2).Of((ulong)node));
        }

        var run = new SketchRun<HyperLogLogs>(sketches, 2000, new GossipFaults { Loss = 0.2 }, seed: 1);
        Assert.Equal(0, run.CountComplete());
        for (var cycle = 0; cycle < 25; cycle++)
        {
            run.Step();
        }

        Assert.Equal(2000, run.CountComplete());
        Assert.Equal(2000, run.Estimate(0), 2000 * 3 * HyperLogLog.RelativeError(Width));
        Assert.Equal(run.UnionEstimate, run.Estimate(1999));
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.9)]
    public void Tournament_ends_near_the_wanted_rank_on_every_node(double quantile)
    {
        // The value is the rank.
        var values = Enumerable.Range(0, Nodes).Select(static rank => (double)rank / Nodes).ToArray();
        var run = new TournamentRun(values, TournamentKernel.Schedule(quantile, 0.02, Nodes), loss: 0.1, seed: 1);
        while (run.Step())
        {
        }

        Assert.All(run.Values, value => Assert.InRange(value, quantile - 0.03, quantile + 0.03));
    }

    [Fact]
    public void Flow_updating_follows_a_step_without_a_restart_although_a_fifth_is_lost()
    {
        var (values, mean) = Uniform(2000);
        var run = new FlowRun(NeighbourGraph.Random(2000, 10, 1), values, loss: 0.2, seed: 1);
        for (var cycle = 0; cycle < 150; cycle++)
        {
            run.Step();
        }

        Assert.True(run.Measure(mean).RelativeError < 0.005);
        for (var node = 0; node < 2000; node += 2)
        {
            run.Change(node, values[node] + 1);
        }

        Assert.True(run.Measure(mean + 0.5).RelativeError > 0.1, "The step must be felt.");
        for (var cycle = 0; cycle < 150; cycle++)
        {
            run.Step();
        }

        Assert.True(run.Measure(mean + 0.5).RelativeError < 0.005);
    }

    [Fact]
    public void Push_sum_comes_to_the_mean_at_half_the_messages()
    {
        var (values, mean) = Uniform(Nodes);
        var run = new PushSumRun(values, loss: 0, seed: 1);
        var early = double.NaN;
        for (var cycle = 0; cycle < 40; cycle++)
        {
            early = cycle == 5 ? run.Measure(mean).Variance : early;
            run.Step();
        }

        var factor = Math.Pow(run.Measure(mean).Variance / early, 1.0 / 35);
        TestContext.Current.TestOutputHelper!.WriteLine($"variance × {factor:f3} a round");
        Assert.InRange(factor, 0.47, 0.53);
        Assert.True(run.Measure(mean).MaximumRelativeError < 1e-3);
        Assert.Equal(40L * Nodes, run.NodeSteps);
    }

    private static (double[] Values, double Mean) Uniform(int nodes)
    {
        var random = SeededRandom.For(7, 0, 0, 0);
        var values = new double[nodes];
        foreach (ref var value in values.AsSpan())
        {
            value = random.NextDouble();
        }

        return (values, values.Average());
    }

    private static double Factor(AveragingRun run, double mean, int cycles)
    {
        var before = run.Measure(mean).Variance;
        Step(run, cycles);
        return Math.Pow(run.Measure(mean).Variance / before, 1.0 / cycles);
    }

    private static void Step(AveragingRun run, int cycles)
    {
        for (var cycle = 0; cycle < cycles; cycle++)
        {
            run.Step();
        }
    }
}
