using CsCheck;
using Hearsay.Protocols;

namespace Hearsay.Simulation.Tests;

/// <summary>What every cycle-driven engine keeps to.</summary>
public abstract class CycleEngineContract
{
    protected abstract ICycleEngine Create(
        CycleOptions options, int nodes, OverlayStart start = OverlayStart.Random);

    [Fact]
    public void No_options_start_or_crash_ever_break_a_view() =>
        Gen.Select(AnyRun.Options, Gen.Enum<OverlayStart>()).Sample(
            (options, start) =>
            {
                using var run = Create(options, 40, start);
                run.Run(8);
                Assert.Equal(16, run.Kill(0.4));
                run.Run(8);
                run.AssertInvariants();
                Assert.Equal(run.CountDeadLinks(), run.Snapshot().DeadLinkCount);
                return run.LiveCount == 24 && run.Cycle == 16;
            },
            iter: 200);

    [Fact]
    public void What_makes_no_run_is_refused()
    {
        var options = new CycleOptions { Rules = PeerSamplingOptions.Swapper.ToRules() };
        Assert.Throws<ArgumentOutOfRangeException>(() => Create(options, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Create(options with { Fanout = 0 }, 10));
        using var run = Create(options, 10);
        Assert.Throws<ArgumentOutOfRangeException>(() => run.Join(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => run.Join(10));
        Assert.Throws<ArgumentOutOfRangeException>(() => run.Kill(1.5));
        Assert.Equal((10, 0, 0), (run.KillNodes(99), run.LiveCount, run.KillNodes(1)));
        run.Run(1);
        Assert.Equal(0, run.Exchanges);
    }

    [Fact]
    public void The_start_does_not_depend_on_the_engine()
    {
        var options = new CycleOptions { Rules = PeerSamplingOptions.Swapper.ToRules(), Seed = 9 };
        foreach (var start in Enum.GetValues<OverlayStart>())
        {
            using var run = Create(options, 50, start);
            using var plain = new CycleRunner(options, 50, start);
            Assert.Equal(plain.NodeCount, run.NodeCount);
            for (var node = 0; node < run.NodeCount; node++)
            {
                Assert.Equal(plain.ViewOf(node).ToArray(), run.ViewOf(node).ToArray());
            }
        }
    }

    [Fact]
    public void Everybody_exchanges_once_in_a_cycle_of_a_healthy_run()
    {
        var options = new CycleOptions { Rules = PeerSamplingOptions.Swapper.ToRules(), Seed = 3 };
        using var run = Create(options, 500);
        run.Run(4);
        Assert.Equal(2_000, run.Exchanges);
        using var twice = Create(options with { Fanout = 2 }, 500);
        twice.Run(4);
        Assert.Equal(4_000, twice.Exchanges);
        using var lossy = Create(options with { Loss = 1 }, 500);
        lossy.Run(4);
        Assert.Equal(0, lossy.Exchanges);
    }

    [Fact]
    public void The_same_seed_gives_the_same_run_and_another_seed_another()
    {
        uint[] Views(ulong seed)
        {
            using var run = Create(new CycleOptions { Rules = new PeerSamplingOptions().ToRules(), Seed = seed },
                200);
            run.Run(5);
            run.Kill(0.2);
            run.Run(5);
            return [.. Enumerable.Range(0, 200).SelectMany(node => run.ViewOf(node).ToArray())];
        }

        Assert.Equal(Views(1), Views(1));
        Assert.NotEqual(Views(1), Views(2));
    }

    [Fact]
    public void A_node_without_a_live_partner_only_grows_older()
    {
        foreach (var options in new[] { PeerSamplingOptions.Swapper, PeerSamplingOptions.Newscast })
        {
            // Node 0 knows node 1; of the two, the one that must die is the one that this seed kills.
            var run = Enumerable.Range(0, 64)
                .Select(seed => Create(
                    new CycleOptions { Rules = options.ToRules(), Seed = (ulong)seed }, 2, OverlayStart.Chain))
                .First(candidate => candidate.KillNodes(1) == 1 && candidate.IsAlive(0));
            run.Run(3);
            Assert.Equal([1u], run.ViewOf(0).ToArray());
            Assert.Equal([(ushort)3], run.AgesOf(0).ToArray());
        }
    }

    [Fact]
    public void A_dead_partner_that_was_tried_leaves_the_view()
    {
        using var run = Create(new CycleOptions { Rules = new PeerSamplingOptions().ToRules(), Tries = 1 }, 100);
        run.KillNodes(99);
        var survivor = Enumerable.Range(0, 100).Single(run.IsAlive);
        run.Run(10);
        Assert.Equal(20, run.ViewOf(survivor).Length);
        run.Run(30);
        Assert.True(run.ViewOf(survivor).IsEmpty);
    }

    [Fact]
    public void A_growing_start_joins_so_many_per_cycle_each_knowing_only_the_first()
    {
        var rules = PeerSamplingOptions.Swapper.ToRules();
        using var run = Create(new CycleOptions { Rules = rules, JoinsPerCycle = 30 }, 100, OverlayStart.Growing);
        var sizes = new List<int> { run.LiveCount };
        for (var cycle = 0; cycle < 5; cycle++)
        {
            run.Run(1);
            sizes.Add(run.LiveCount);
        }

        Assert.Equal([1, 31, 61, 91, 100, 100], sizes);
        var newcomer = run.Join(contact: 42);
        Assert.Equal([42u], run.ViewOf(newcomer).ToArray());
    }

    [Fact]
    public void Pull_answers_a_request_that_carries_nothing()
    {
        var rules = (PeerSamplingOptions.Blind with { Propagation = Propagation.Pull }).ToRules();
        using var run = Create(new CycleOptions { Rules = rules }, 3, OverlayStart.Chain);
        run.Run(3);
        Assert.True(run.ViewOf(2).IsEmpty, "the last node asks nobody and is told nothing");
        Assert.Equal([1u, 2u], run.ViewOf(0).ToArray().Order());
    }

    [Fact]
    public void A_larger_fanout_mixes_faster_but_ages_once()
    {
        double Clustering(int fanout)
        {
            var options = new CycleOptions { Rules = PeerSamplingOptions.Swapper.ToRules(), Fanout = fanout };
            using var run = Create(options, 1_000, OverlayStart.Lattice);
            run.Run(3);
            return OverlayMetrics.Measure(run.Snapshot()).Clustering;
        }

        Assert.True(Clustering(3) < 0.7 * Clustering(1));
    }
}
