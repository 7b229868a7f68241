using CsCheck;
using Hearsay.Protocols;

namespace Hearsay.Simulation.Tests;

public class DirectedMetricsTests
{
    [Fact]
    public void A_ring_is_one_strong_component_and_a_chain_has_as_many_as_nodes()
    {
        const int n = 20_000;
        var ring = OverlayGraph.FromViews([.. Enumerable.Range(0, n).Select(node => new[] { (node + 1) % n })]);
        var chain = OverlayGraph.FromViews([.. Enumerable.Range(0, n).Select(node => new[] { node + 1 })]);
        Assert.Equal((1, n), StrongComponentMetric.Of(ring));
        Assert.Equal((n, 1), StrongComponentMetric.Of(chain));
        Assert.Equal((1, n), ComponentMetric.Of(chain));
    }

    [Fact]
    public void Two_circles_joined_one_way_are_two_strong_components_and_the_dead_are_none()
    {
        var graph = OverlayGraph.FromViews([[1], [2], [0, 3], [4], [3], [0]], [true, true, true, true, true, false]);
        Assert.Equal((2, 3), StrongComponentMetric.Of(graph));
        Assert.Equal((0, 0), StrongComponentMetric.Of(OverlayGraph.FromViews([])));
    }

    [Fact]
    public void Strong_components_are_the_classes_of_mutual_reach() =>
        Gen.Int[0, 14].Array[0, 2].Array[1, 15].Sample(
            views =>
            {
                var graph = OverlayGraph.FromViews(views);
                var reach = Enumerable.Range(0, views.Length).Select(node => Reach(graph, node)).ToList();
                var classes = Enumerable.Range(0, views.Length)
                    .Select(a => Enumerable.Range(0, views.Length).Count(b => reach[a][b] && reach[b][a])).ToList();
                var count = Math.Round(classes.Sum(size => 1.0 / size));
                return StrongComponentMetric.Of(graph) == ((int)count, classes.Max());
            },
            iter: 2_000);

    [Fact]
    public void In_degrees_are_distributed_as_counted_by_hand()
    {
        var graph = OverlayGraph.FromViews([[1, 2], [2], [0, 4], [], [2]], [true, true, true, true, false]);
        Assert.Equal([1, 2, 1], InDegreeMetric.Distribution(graph));
    }

    [Fact]
    public void In_degrees_read_off_the_views_are_those_of_the_overlay()
    {
        using var run = new CycleRunner(
            new CycleOptions { Rules = PeerSamplingOptions.Healer.ToRules(), Seed = 6 }, 300);
        run.Run(3);
        run.Kill(0.3);
        run.Run(1);
        Assert.Equal(run.Snapshot().InDegrees.ToArray(), InDegreeMetric.Of(run));
    }

    [Fact]
    public void Autocorrelation_has_its_closed_forms()
    {
        int[] alternating = [.. Enumerable.Range(0, 100).Select(i => i % 2)];
        Assert.Equal(1, InDegreeMetric.Autocorrelation(alternating, 0), 12);
        Assert.Equal(-0.99, InDegreeMetric.Autocorrelation(alternating, 1), 12);
        Assert.Equal(0.98, InDegreeMetric.Autocorrelation(alternating, 2), 12);
        Assert.Equal(0.25, InDegreeMetric.Autocorrelation([1, 2, 3, 4], 1), 12);
        Assert.Equal(0, InDegreeMetric.Autocorrelation([7, 7, 7], 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => InDegreeMetric.Autocorrelation([1, 2], 2));
    }

    [Fact]
    public void Ages_are_counted_over_the_views_of_the_living()
    {
        var rules = PeerSamplingOptions.Swapper.ToRules();
        using var run = new CycleRunner(new CycleOptions { Rules = rules, Seed = 1 }, 3, OverlayStart.Star);
        var young = AgeDistribution.Of(run);
        Assert.Equal([2L], young.Counts.ToArray());
        Assert.Equal((2L, 0.0, 0), (young.EntryCount, young.Mean, young.Quantile(1)));
        run.KillNodes(3);
        var none = AgeDistribution.Of(run);
        Assert.Equal((0L, 0.0, 0), (none.EntryCount, none.Mean, none.Quantile(0.5)));
    }

    [Fact]
    public void Ages_of_a_run_add_up()
    {
        using var run = new CycleRunner(
            new CycleOptions { Rules = PeerSamplingOptions.Blind.ToRules(), Seed = 1 }, 200);
        run.Run(20);
        var ages = Enumerable.Range(0, 200).SelectMany(node => run.AgesOf(node).ToArray()).Order().ToArray();
        var distribution = AgeDistribution.Of(run);
        Assert.Equal(ages.Average(age => (double)age), distribution.Mean, 9);
        Assert.Equal(ages[^1] + 1, distribution.Counts.Length);
        Assert.Equal(ages.Length, distribution.EntryCount);
        Assert.Equal(ages[(ages.Length / 2) - 1], distribution.Quantile(0.5));
        Assert.Equal(ages.Count(age => age == 3), distribution.Counts[3]);
    }

    private static bool[] Reach(OverlayGraph graph, int from)
    {
        var reached = new bool[graph.NodeCount];
        var open = new Stack<int>([from]);
        while (open.TryPop(out var node))
        {
            if (!reached[node])
            {
                reached[node] = true;
                foreach (var other in graph.LinksOf(node))
                {
                    open.Push(other);
                }
            }
        }

        return reached;
    }
}
