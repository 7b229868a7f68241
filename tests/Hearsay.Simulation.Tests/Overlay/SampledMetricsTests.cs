using CsCheck;

namespace Hearsay.Simulation.Tests;

public class SampledMetricsTests
{
    [Fact]
    public void A_sample_that_takes_all_nodes_is_exact()
    {
        var graph = OverlayGraph.FromViews([[1, 2], [0, 2], [3], [], [0]], [true, true, true, true, false]);
        Assert.Equal(new Estimate(7.0 / 12, 0, 4), ClusteringMetric.Sample(graph, 0.5, seed: 1));
        Assert.Equal(default, ClusteringMetric.Sample(OverlayGraph.FromViews([]), 0.5, seed: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => ClusteringMetric.Sample(graph, 0, seed: 1));
    }

    [Fact]
    public void Sampled_clustering_is_as_near_as_its_standard_error_says()
    {
        var graph = Uniform(10_000);
        var exact = ClusteringMetric.Of(graph);
        var deviations = Enumerable.Range(0, 60)
            .Select(seed => ClusteringMetric.Sample(graph, 0.02, (ulong)seed))
            .Select(sample =>
            {
                Assert.InRange(sample.Samples, 1_000, graph.LiveCount - 1);
                Assert.InRange(sample.RelativeError, 1e-4, 0.02);
                return (sample.Value - exact) / sample.StandardError;
            }).ToList();
        AssertStandardNormal(deviations);
    }

    [Fact]
    public void Sampled_path_length_is_as_near_as_its_standard_error_says()
    {
        var graph = Grown(600);
        var exact = PathLengthMetric.Measure(graph, int.MaxValue, seed: 0);
        Assert.Equal((0.0, 600), (exact.StandardError, exact.Sources));
        AssertStandardNormal([.. Enumerable.Range(0, 200).Select(seed =>
        {
            var sample = PathLengthMetric.Measure(graph, 40, (ulong)seed);
            Assert.InRange(sample.Longest, 1, exact.Longest);
            return (sample.Mean - exact.Mean) / sample.StandardError;
        })]);
    }

    [Fact]
    public void Searching_from_64_nodes_at_once_gives_the_distances_of_one_search_each() =>
        Gen.Select(Gen.Int[-1, 150].Array[0, 3].Array[1, 150], Gen.Int[0, 200]).Sample(
            (views, sources) =>
            {
                var graph = OverlayGraph.FromViews(views);
                var paths = PathLengthMetric.Measure(graph, sources, seed: 5);
                if (sources < graph.LiveCount)
                {
                    return paths.Sources == sources;
                }

                var distances = Enumerable.Range(0, graph.NodeCount)
                    .SelectMany(node => Distances(graph, node)).Where(distance => distance > 0).ToList();
                return paths.Longest == distances.DefaultIfEmpty().Max()
                    && Math.Abs(paths.Mean - distances.Select(d => (double)d).DefaultIfEmpty().Average()) < 1e-9;
            },
            iter: 300);

    [Theory]
    [InlineData(10)]
    [InlineData(151)]
    public void The_longest_path_of_a_ring_is_half_way_round(int nodes)
    {
        var ring = OverlayGraph.FromViews([.. Enumerable.Range(0, nodes).Select(node => new[] { (node + 1) % nodes })]);
        Assert.Equal(nodes / 2, PathLengthMetric.Measure(ring, int.MaxValue, seed: 0).Longest);
        Assert.Equal(nodes / 2, OverlayMetrics.Measure(ring).LongestPath);
    }

    [Fact]
    public void Overlay_metrics_say_how_far_off_they_may_be()
    {
        var graph = Uniform(5_000);
        var (exact, sampled) = (OverlayMetrics.Measure(graph), OverlayMetrics.Measure(graph, clusteringError: 0.05));
        Assert.Equal(0, exact.ClusteringError);
        Assert.InRange(sampled.ClusteringError / sampled.Clustering, 1e-3, 0.05);
        Assert.InRange(sampled.PathLengthError / sampled.PathLength, 1e-6, 0.01);
        Assert.Equal(exact.PathLength, sampled.PathLength);
    }

    /// <summary>Errors in units of the standard error; a claim half or twice as large would fail.</summary>
    private static void AssertStandardNormal(List<double> deviations)
    {
        var (mean, square) = (deviations.Average(), deviations.Average(deviation => deviation * deviation));
        Assert.InRange(mean * Math.Sqrt(deviations.Count), -4, 4);
        Assert.InRange(Math.Sqrt(square), 0.7, 1.4);
    }

    private static OverlayGraph Uniform(int nodes)
    {
        var options = new CycleOptions { Rules = PeerSamplingOptions.Swapper.ToRules(), Seed = 4 };
        return new CycleRunner(options, nodes).Snapshot();
    }

    /// <summary>Nodes of very different degrees: distances differ from source to source.</summary>
    private static OverlayGraph Grown(int nodes) => OverlayGraph.FromViews(
        [.. Enumerable.Range(0, nodes).Select(node => new[] { node / 3, node / 2, node * 7 % nodes })]);

    private static int[] Distances(OverlayGraph graph, int source)
    {
        var distances = new int[graph.NodeCount];
        Array.Fill(distances, -1);
        distances[source] = 0;
        var queue = new Queue<int>([source]);
        while (queue.TryDequeue(out var node))
        {
            foreach (var other in graph.NeighboursOf(node))
            {
                if (distances[other] < 0)
                {
                    distances[other] = distances[node] + 1;
                    queue.Enqueue(other);
                }
            }
        }

        return distances;
    }
}
