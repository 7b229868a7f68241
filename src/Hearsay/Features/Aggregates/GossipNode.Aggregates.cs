using Hearsay.Features.Aggregates;

namespace Hearsay;

/// <content>Named aggregates, and the size of the network, which is one of them.</content>
public sealed partial class GossipNode
{
    /// <summary>
    /// Returns a number on which the whole network agrees: the mean, sum, count or quantiles of all nodes' values.
    /// </summary>
    /// <param name="name">1 to 64 characters: letters and digits of ASCII, and <c>. _ - /</c>.</param>
    /// <exception cref="InvalidOperationException">
    /// <see cref="GossipNodeOptions.Aggregation"/> is null: this node runs no aggregation.
    /// </exception>
    public NamedAggregate Aggregate(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var feature = Running.Aggregates
            ?? throw new InvalidOperationException("This node runs no aggregation.");
        return new(feature.Service, name);
    }

    /// <summary>
    /// The number of nodes in the network as estimated by aggregation. It is null until there is an estimate, and
    /// without aggregation. <see cref="NetworkSizeEstimate"/> has the error too.
    /// </summary>
    public double? NetworkSize => NetworkSizeEstimate?.Size;

    /// <summary>
    /// The number of nodes in the network, with the error. It was measured in the last whole epoch. Before there is
    /// one, it comes from the epoch under way or from others, usually within ten cycles of aggregation. It is null
    /// until there is an estimate, and without aggregation.
    /// </summary>
    public NetworkSizeEstimate? NetworkSizeEstimate => Aggregates?.Aggregation.Size;

    /// <summary>The feature; null if the node runs without.</summary>
    internal AggregatesFeature? Aggregates => Feature<AggregatesFeature>();
}
