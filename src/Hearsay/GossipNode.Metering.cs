using Hearsay.Features.Contract;
using Hearsay.Loop;
using Hearsay.Metrics;
using Hearsay.Protocols.Rotation;
using Hearsay.Transport;
using Hearsay.Watching;

namespace Hearsay;

/// <content>The numbers of a node.</content>
public sealed partial class GossipNode : IMeteredNode
{
    NodeLoop IMeteredNode.Loop => _loop;

    NodeEvents IMeteredNode.Events => _events;

    FeatureSet IMeteredNode.Features => _features;

    ITransport IMeteredNode.Datagrams => _datagrams;

    ITransport IMeteredNode.Streams => _streams;

    KeyringCounters IMeteredNode.KeyringCounters => _keyringCounters;

    /// <summary>Returns all counters of this node and of its features, as they are now.</summary>
    /// <exception cref="ObjectDisposedException">The node has stopped.</exception>
    public NodeDiagnostics GetDiagnostics()
    {
        var node = Running;
        var metrics = NodeMetric.OfNode.Concat(_features.Descriptions.SelectMany(NodeMetric.Of));
        return new NodeDiagnostics
        {
            Id = Id,
            Addresses = Addresses,
            Cluster = _options.Cluster,
            ViewCount = ViewCount,
            RoundTrip = RoundTrip,
            Measurements = [.. metrics.Select(metric => metric.Measure(node))],
            Histograms = [.. _features.Histograms.Select(Measure)],
        };
    }

    private static NodeHistogram Measure(FeatureHistogram histogram)
    {
        var (counts, sum) = histogram.Read();
        return new NodeHistogram(
            histogram.Name, histogram.Unit, histogram.Bounds, counts, sum, histogram.Description);
    }
}
