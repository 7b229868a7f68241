using CsCheck;

namespace Hearsay.Simulation.Tests;

public class CycleRunnerTests
{
    private static readonly Gen<PeerSamplingOptions> AnyOptions = Gen.Select(
        Gen.Enum<ExchangeForm>(),
        Gen.Enum<PeerSelection>(),
        Gen.Enum<Propagation>(),
        Gen.Int[2, 6],
        Gen.Int[0, 6],
        Gen.Int[0, 6],
        (form, selection, propagation, half, healing, swap) => new PeerSamplingOptions
        {
            Form = form,
            Selection = selection,
            Propagation = propagation,
            ViewSize = 2 * half,
            Healing = Math.Min(healing, half),
            Swap = Math.Min(swap, half - Math.Min(healing, half)),
            ShuffleLength = Math.Min(2 * half, 4),
        });

    [Fact]
    public void No_options_start_or_crash_ever_break_a_view() =>
        Gen.Select(AnyOptions, Gen.Enum<OverlayStart>(), Gen.Int[1, 3], Gen.Int[0, 3], Gen.ULong).Sample(
            (options, start, fanout, tries, seed) =>
            {
                var run = new CycleRunner(
                    new CycleOptions
                    {
                        Rules = options.ToRules(),
                        Fanout = fanout,
                        Tries = tries == 0 ? null : tries,
                        JoinsPerCycle = 7,
                        Seed = seed,
                    },
                    40,
                    start);
                run.Run(8);
                run.Kill(0.4);
                run.Run(8);
                run.AssertInvariants();
                Assert.Equal(run.CountDeadLinks(), run.Snapshot().DeadLinkCount);
                return run.LiveCount == 24;
            },
            iter: 400);

    [Fact]
    public void The_same_seed_gives_the_same_run_and_another_seed_another()
    {
        uint[] Views(ulong seed)
        {
            var run = new CycleRunner(new CycleOptions { Rules = new PeerSamplingOptions().ToRules(), Seed = seed },
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
                .Select(seed => new CycleRunner(
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
        var run = new CycleRunner(new CycleOptions { Rules = new PeerSamplingOptions().ToRules(), Tries = 1 }, 100);
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
        var run = new CycleRunner(new CycleOptions { Rules = rules, JoinsPerCycle = 30 }, 100, OverlayStart.Growing);
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
        var run = new CycleRunner(new CycleOptions { Rules = rules }, 3, OverlayStart.Chain);
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
            var run = new CycleRunner(options, 1_000, OverlayStart.Lattice);
            run.Run(3);
            return OverlayMetrics.Measure(run.Snapshot()).Clustering;
        }

        Assert.True(Clustering(3) < 0.7 * Clustering(1));
    }
}
