using CsCheck;

namespace Hearsay.Simulation.Tests;

public class BulkEngineTests
{
    private static readonly int[] OneAndThree = [1, 3];
    private static readonly int[] OneTwoAndFour = [1, 2, 4];

    [Fact]
    public void One_turn_at_a_time_in_the_same_order_it_is_the_sequential_engine_bit_for_bit() =>
        Gen.Select(AnyRun.Options, Gen.Enum<OverlayStart>()).Sample(
            (options, start) =>
            {
                using var plain = new CycleRunner(options, 40, start) { Orders = [] };
                using var bulk = new BulkEngine(options, 40, start, threads: 1, batch: 1)
                {
                    Order = cycle => plain.Orders[cycle - 1],
                };
                foreach (var engine in new ICycleEngine[] { plain, bulk })
                {
                    engine.Run(8);
                    engine.KillNodes(10);
                    engine.Run(1);
                }

                Assert.Equal(plain.Exchanges, bulk.Exchanges);
                return Enumerable.Range(0, plain.NodeCount).All(node =>
                    plain.IsAlive(node) == bulk.IsAlive(node)
                    && plain.ViewOf(node).SequenceEqual(bulk.ViewOf(node))
                    && plain.AgesOf(node).SequenceEqual(bulk.AgesOf(node)));
            },
            iter: 400);

    [Fact]
    [Campaign]
    public void No_options_start_or_crash_ever_break_a_view_whatever_the_threads() =>
        Gen.Select(AnyRun.Options, Gen.Enum<OverlayStart>()).Sample(
            (options, start) =>
            {
                var hashes = new HashSet<ulong>();
                foreach (var threads in OneAndThree)
                {
                    using var run = new BulkEngine(options, 300, start, threads, batch: 128);
                    run.Run(4);
                    run.Kill(0.4);
                    run.Run(4);
                    run.AssertInvariants();
                    Assert.Equal(run.CountDeadLinks(), run.Snapshot().DeadLinkCount);
                    hashes.Add(run.StateHash());
                }

                return hashes.Count == 1;
            },
            iter: 60);

    [Theory]
    [InlineData("swapper", PeerSelection.Rand)]
    [InlineData("healer", PeerSelection.Tail)]
    [InlineData("newscast", PeerSelection.Rand)]
    [InlineData("cyclon", PeerSelection.Rand)]
    [Campaign]
    public void One_two_and_four_threads_give_the_same_state(string preset, PeerSelection selection)
    {
        var options = Oracle.Preset(preset) with { Selection = selection };
        Assert.Single(OneTwoAndFour.Select(threads => Hash(options, threads)).Distinct());
    }

    [Fact]
    [Campaign]
    public void Control_draws_that_depend_on_who_ran_what_are_caught()
    {
        // Which worker takes which turn is a matter of timing; with one worker there is none.
        var right = Hash(PeerSamplingOptions.Swapper, 1);
        Assert.Equal(right, Hash(PeerSamplingOptions.Swapper, 1, drawsByWorker: true));
        Assert.NotEqual(right, Hash(PeerSamplingOptions.Swapper, 2, drawsByWorker: true));
        Assert.NotEqual(right, Hash(PeerSamplingOptions.Swapper, 1, seed: 2));
    }

    [Theory]
    [InlineData("blind", PeerSelection.Rand)]
    [InlineData("healer", PeerSelection.Rand)]
    [InlineData("swapper", PeerSelection.Rand)]
    [InlineData("blind", PeerSelection.Tail)]
    [InlineData("healer", PeerSelection.Tail)]
    [InlineData("swapper", PeerSelection.Tail)]
    [Campaign]
    public void Its_figures_are_those_of_the_sequential_engine(string preset, PeerSelection selection)
    {
        // Converged or not, both walk the same way; runs of this size differ by 2 % among themselves.
        var options = new CycleOptions
        {
            Rules = (Oracle.Preset(preset) with { Selection = selection }).ToRules(),
            Seed = 5,
        };
        using var plain = new CycleRunner(options, Oracle.Nodes);
        using var bulk = new BulkEngine(options, Oracle.Nodes);
        plain.Run(40);
        bulk.Run(40);
        var (expected, measured) = (Figures(plain), Figures(bulk));
        Oracle.Near(measured.InDegreeDeviation, expected.InDegreeDeviation, tolerance: 0.04);
        Oracle.Near(measured.Clustering, expected.Clustering, tolerance: 0.04);
        Oracle.Near(measured.PathLength, expected.PathLength, tolerance: 0.01);
    }

    private static OverlayMetrics Figures(ICycleEngine engine) =>
        OverlayMetrics.Measure(engine.Snapshot());

    private static ulong Hash(PeerSamplingOptions options, int threads, ulong seed = 1, bool drawsByWorker = false)
    {
        var rules = new CycleOptions { Rules = options.ToRules(), Seed = seed };
        using var run = new BulkEngine(rules, 40_000, OverlayStart.Lattice, threads) { DrawsByWorker = drawsByWorker };
        run.Run(4);
        run.Kill(0.3);
        run.Run(4);
        return run.StateHash();
    }
}
