using CsCheck;

namespace Hearsay.Simulation.Tests;

public class OverlayMetricsTests
{
    [Theory]
    [InlineData(11)]
    [InlineData(101)]
    public void A_directed_ring_of_odd_size_has_mean_distance_a_quarter_of_its_size_plus_one(int nodes)
    {
        var ring = Measure(Enumerable.Range(0, nodes).Select(node => new[] { (node + 1) % nodes }));
        Assert.Equal((nodes + 1) / 4.0, ring.PathLength, 12);
        Assert.Equal((1.0, 0.0, 1), (ring.InDegreeMean, ring.InDegreeDeviation, ring.InDegreeMaximum));
        Assert.Equal((2.0, 0.0, 1), (ring.MeanDegree, ring.Clustering, ring.Components));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(10)]
    [InlineData(30)]
    public void A_ring_lattice_has_clustering_three_quarters_of_k_minus_2_over_k_minus_1(int k)
    {
        var run = new CycleRunner(
            new CycleOptions { Rules = (new PeerSamplingOptions() with { ViewSize = k }).ToRules() }, 200,
                OverlayStart.Lattice);
        var lattice = OverlayMetrics.Measure(run.Snapshot());
        Assert.Equal(3.0 * (k - 2) / (4.0 * (k - 1)), lattice.Clustering, 12);
        Assert.Equal((k, (double)k, 0.0), (lattice.InDegreeMaximum, lattice.MeanDegree, lattice.InDegreeDeviation));
    }

    [Fact]
    public void A_star_has_one_hub_no_triangle_and_distances_just_below_two()
    {
        const int n = 50;
        var star = Measure(Enumerable.Range(0, n).Select(node => Enumerable.Repeat(0, Math.Min(node, 1)).ToArray()));
        Assert.Equal((n - 1, 0.0), (star.InDegreeMaximum, star.Clustering));
        Assert.Equal(2.0 * (n - 1) / n, star.PathLength, 12);
        Assert.Equal((n - 1.0) / n, star.MeanViewSize, 12);
        Assert.Equal(Math.Sqrt((n - 1.0) * (n - 1)) * Math.Sqrt(n - 1) / n, star.InDegreeDeviation, 12);
    }

    [Fact]
    public void In_a_complete_overlay_everything_is_one_step_away()
    {
        var complete = Measure(Enumerable.Range(0, 20).Select(
            node => Enumerable.Range(0, 20).Where(other => other != node).ToArray()));
        Assert.Equal((1.0, 1.0, 19.0), (complete.Clustering, complete.PathLength, complete.MeanDegree));
        Assert.Equal((1, 20, 380), (complete.Components, complete.LargestComponent, complete.Links));
    }

    [Fact]
    public void A_triangle_with_a_tail_has_clustering_seven_twelfths()
    {
        var paw = Measure([[1, 2], [0, 2], [3], []]);
        Assert.Equal(7.0 / 12, paw.Clustering, 12);
        Assert.Equal((3, 2.0), (paw.Links - 2, paw.MeanDegree));
    }

    [Fact]
    public void Components_are_weak_and_distances_stay_within_them()
    {
        var two = Measure([[1], [2], [], [4], []]);
        Assert.Equal((2, 3), (two.Components, two.LargestComponent));
        Assert.Equal(((2 * (1 + 1 + 2)) + 2) / 8.0, two.PathLength, 12);
    }

    [Fact]
    public void Links_to_the_dead_and_absent_count_as_dead_and_links_of_the_dead_do_not_exist()
    {
        var graph = OverlayGraph.FromViews([[1, 2, -1], [0, 7], [0, 1]], [true, true, false]);
        Assert.Equal((2, 2, 3), (graph.LiveCount, graph.LinkCount, graph.DeadLinkCount));
        Assert.Equal([1], graph.LinksOf(0).ToArray());
        Assert.True(graph.LinksOf(2).IsEmpty);
        var overlay = OverlayMetrics.Measure(graph);
        Assert.Equal((2, 3, 2.5, 1.0, 1), (
            overlay.Nodes, overlay.DeadLinks, overlay.MeanViewSize, overlay.InDegreeMean, overlay.Components));
    }

    [Fact]
    public void A_link_to_oneself_is_none_and_a_mutual_link_makes_one_neighbour()
    {
        var graph = OverlayGraph.FromViews([[0, 1], [0]]);
        Assert.Equal((2, 0), (graph.LinkCount, graph.DeadLinkCount));
        Assert.Equal([1], graph.NeighboursOf(0).ToArray());
        Assert.Equal([1, 1], graph.InDegrees.ToArray());
    }

    [Fact]
    public void Nobody_and_one_alone_are_measured_without_an_accident()
    {
        Assert.Equal(new OverlayMetrics(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), Measure([]));
        Assert.Equal(new OverlayMetrics(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1), Measure([[]]));
    }

    [Fact]
    public void A_mask_of_another_length_is_refused() =>
        Assert.Throws<ArgumentException>(() => OverlayGraph.FromViews([[], []], [true]));

    [Fact]
    public void Flat_slots_and_lists_give_the_same_overlay()
    {
        var flat = OverlayGraph.FromSlots([1, 2, 9, 0, 9, 9], 3, [2, 1], [true, true]);
        var lists = OverlayGraph.FromViews([[1, 2], [0]]);
        Assert.Equal(OverlayMetrics.Measure(lists), OverlayMetrics.Measure(flat));
    }

    [Fact]
    public void Fast_clustering_equals_its_definition_on_any_overlay() =>
        Gen.Int[-1, 12].Array[0, 8].Array[1, 12].Sample(
            views => Math.Abs(
                ByDefinition(OverlayGraph.FromViews(Distinct(views))) - Measure(Distinct(views)).Clustering) < 1e-12,
            iter: 2_000);

    [Fact]
    public void Uniform_views_have_the_figures_of_the_random_graph()
    {
        var overlay = Oracle.After(0, PeerSamplingOptions.Blind);
        Oracle.Near(overlay.InDegreeDeviation, OverlayMetrics.RandomGraphDeviation(Oracle.Nodes, 30), tolerance: 0.03);
        Oracle.Near(overlay.Clustering, 0.00585, tolerance: 0.02);
        Oracle.Near(overlay.PathLength, 2.689, tolerance: 0.005);
        Oracle.Near(overlay.MeanDegree, 59.91, tolerance: 0.001);
        Assert.Equal(5.47, OverlayMetrics.RandomGraphDeviation(Oracle.Nodes, 30), 2);
    }

    private static int[][] Distinct(int[][] views) => [.. views.Select(view => view.Distinct().ToArray())];

    private static OverlayMetrics Measure(IEnumerable<int[]> views) =>
        OverlayMetrics.Measure(OverlayGraph.FromViews([.. views]), pathSources: int.MaxValue);

    private static double ByDefinition(OverlayGraph graph)
    {
        var sum = 0.0;
        for (var node = 0; node < graph.NodeCount; node++)
        {
            var neighbours = graph.NeighboursOf(node).ToArray();
            var pairs = neighbours.SelectMany(a => neighbours.Where(b => a < b).Select(b => (a, b))).ToList();
            var closed = pairs.Count(pair => graph.NeighboursOf(pair.a).Contains(pair.b));
            sum += pairs.Count == 0 ? 0 : (double)closed / pairs.Count;
        }

        return sum / graph.NodeCount;
    }
}
