namespace Hearsay.Simulation;

/// <summary>
/// The figures by which overlays are compared (TOCS 2007, sections 4 to 6): in-degrees on the directed overlay, the
/// rest on its undirected version, all among live nodes.
/// </summary>
/// <param name="Nodes">Live nodes.</param>
/// <param name="Links">Directed links between live nodes.</param>
/// <param name="DeadLinks">Links of live nodes to dead or absent ones.</param>
/// <param name="MeanViewSize">Entries per view, dead ones included.</param>
/// <param name="MeanDegree">Neighbours per node in the undirected version.</param>
/// <param name="InDegreeMean">How many nodes know a node on average.</param>
/// <param name="InDegreeDeviation">The standard deviation of that number over the nodes.</param>
/// <param name="InDegreeMaximum">The most.</param>
/// <param name="Clustering">The mean local clustering coefficient; nodes with fewer than two neighbours count as
/// 0.</param>
/// <param name="PathLength">The mean distance from sampled nodes to all that can be reached from them.</param>
/// <param name="Components">Weakly connected components.</param>
/// <param name="LargestComponent">Nodes in the largest of them.</param>
public sealed record OverlayMetrics(
    int Nodes,
    int Links,
    int DeadLinks,
    double MeanViewSize,
    double MeanDegree,
    double InDegreeMean,
    double InDegreeDeviation,
    int InDegreeMaximum,
    double Clustering,
    double PathLength,
    int Components,
    int LargestComponent)
{
    /// <summary>The standard error of <see cref="Clustering"/>; 0 where it is exact.</summary>
    public double ClusteringError { get; init; }

    /// <summary>The standard error of <see cref="PathLength"/>; 0 where all nodes were sources.</summary>
    public double PathLengthError { get; init; }

    /// <summary>
    /// The longest distance found: the diameter where all nodes were sources, otherwise a lower bound of it.
    /// </summary>
    public int LongestPath { get; init; }

    /// <summary>From how many nodes distances are measured unless said otherwise.</summary>
    public const int DefaultPathSources = 60;

    /// <summary>Measures an overlay. The same overlay, sources and seed give the same figures.</summary>
    /// <param name="graph">The overlay.</param>
    /// <param name="pathSources">From how many random nodes distances are measured; all if there are no more.</param>
    /// <param name="seed">Chooses those nodes.</param>
    /// <param name="clusteringError">0 for the exact clustering coefficient; otherwise it is sampled until its standard
    /// error is at most this share of it. With 0.01 and a million nodes that takes a third of the time.</param>
    public static OverlayMetrics Measure(
        OverlayGraph graph, int pathSources = DefaultPathSources, ulong seed = 0, double clusteringError = 0)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var nodes = graph.LiveCount;
        var (mean, deviation, maximum) = InDegrees(graph);
        var clustering = clusteringError > 0
            ? ClusteringMetric.Sample(graph, clusteringError, seed)
            : new Estimate(ClusteringMetric.Of(graph), 0, nodes);
        var paths = PathLengthMetric.Measure(graph, pathSources, seed);
        var (components, largest) = ComponentMetric.Of(graph);
        var degrees = 0L;
        for (var node = 0; node < graph.NodeCount; node++)
        {
            degrees += graph.NeighboursOf(node).Length;
        }

        return new OverlayMetrics(
            nodes,
            graph.LinkCount,
            graph.DeadLinkCount,
            MeanViewSize: nodes == 0 ? 0 : (graph.LinkCount + (double)graph.DeadLinkCount) / nodes,
            MeanDegree: nodes == 0 ? 0 : (double)degrees / nodes,
            mean,
            deviation,
            maximum,
            clustering.Value,
            paths.Mean,
            components,
            largest)
        {
            ClusteringError = clustering.StandardError,
            PathLengthError = paths.StandardError,
            LongestPath = paths.Longest,
        };
    }

    /// <summary>
    /// The in-degree's standard deviation if every view were a uniform random choice: sqrt(c(1 - c/(N - 1))).
    /// </summary>
    /// <param name="nodes">N.</param>
    /// <param name="viewSize">c.</param>
    public static double RandomGraphDeviation(int nodes, double viewSize) =>
        nodes < 2 ? 0 : Math.Sqrt(Math.Max(0, viewSize * (1 - (viewSize / (nodes - 1)))));

    private static (double Mean, double Deviation, int Maximum) InDegrees(OverlayGraph graph)
    {
        if (graph.LiveCount == 0)
        {
            return default;
        }

        var mean = (double)graph.LinkCount / graph.LiveCount;
        var squares = 0.0;
        var maximum = 0;
        for (var node = 0; node < graph.NodeCount; node++)
        {
            if (graph.IsAlive(node))
            {
                var degree = graph.InDegrees[node];
                squares += (degree - mean) * (degree - mean);
                maximum = Math.Max(maximum, degree);
            }
        }

        return (mean, Math.Sqrt(squares / graph.LiveCount), maximum);
    }
}
