using Hearsay.Features.Contract;

namespace Hearsay.Metrics;

/// <summary>
/// What stopped nodes counted, by cluster, so that sums never fall. Bounded by the number of clusters told apart.
/// </summary>
internal sealed class RetiredCounts
{
    /// <summary>Clusters told apart; nodes of further ones are summed under <c>other</c>.</summary>
    private const int MaximumClusters = 64;

    private const string Other = "other";

    private readonly HashSet<string> _clusters = [];
    private readonly Dictionary<(NodeMetric Metric, string Cluster), long> _counts = [];

    /// <summary>Takes over the counts of a node that stopped.</summary>
    public void Add(IMeteredNode node, IEnumerable<NodeMetric> metrics)
    {
        var cluster = ClusterOf(node);
        foreach (var metric in metrics.Where(static metric => metric.Kind == FeatureMetricKind.Count))
        {
            var key = (metric, cluster);
            _counts[key] = _counts.GetValueOrDefault(key) + metric.Read(node);
        }
    }

    /// <summary>The name under which a node's cluster is summed.</summary>
    public string ClusterOf(IMeteredNode node)
    {
        var cluster = node.Options.Cluster;
        return _clusters.Contains(cluster) || (_clusters.Count < MaximumClusters && _clusters.Add(cluster))
            ? cluster
            : Other;
    }

    /// <summary>The counts of one number by cluster, to be added to.</summary>
    public Dictionary<string, long> Of(NodeMetric metric) => _counts
        .Where(count => count.Key.Metric == metric)
        .ToDictionary(count => count.Key.Cluster, count => count.Value);
}
