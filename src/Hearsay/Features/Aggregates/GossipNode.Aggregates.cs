using System.ComponentModel;
using Hearsay.Features.Aggregates;

namespace Hearsay;

/// <content>Named aggregates, and the size of the network, which is one of them.</content>
public sealed partial class GossipNode
{
    /// <summary>
    /// Returns the aggregates of a name. An aggregate is a number on which the whole network agrees, for instance the
    /// mean, the sum, the count or the quantiles of all nodes' values.
    /// </summary>
    /// <param name="name">From 1 to 64 characters: ASCII letters and digits, and <c>. _ - /</c>.</param>
    /// <exception cref="InvalidOperationException">
    /// <see cref="GossipNodeOptions.Aggregation"/> is null: this node runs no aggregation.
    /// </exception>
    public NamedAggregate GetAggregate(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var feature = Running.Aggregates
            ?? throw new InvalidOperationException("This node runs no aggregation.");
        return new(feature.Service, name);
    }

    /// <summary>The former name of <see cref="GetAggregate"/>.</summary>
    /// <param name="name">The name.</param>
    [Obsolete("Use GetAggregate.")]
    [EditorBrowsable(EditorBrowsableState.Never)]
    public NamedAggregate Aggregate(string name) => GetAggregate(name);

    /// <summary>
    /// The number of nodes in the network, estimated by aggregation. It is null until there is an estimate, and always
    /// null without aggregation. <see cref="NetworkSizeEstimate"/> also has the error.
    /// </summary>
    public double? NetworkSize => NetworkSizeEstimate?.Size;

    /// <summary>
    /// The number of nodes in the network, with the error of the estimate. It comes from the last whole epoch. Before
    /// the first one ends, it comes from the epoch under way or from other nodes, usually within ten cycles of
    /// aggregation. It is null until there is an estimate, and always null without aggregation.
    /// </summary>
    public NetworkSizeEstimate? NetworkSizeEstimate => Aggregates?.Aggregation.Size;

    /// <summary>The feature; null if the node runs without.</summary>
    internal AggregatesFeature? Aggregates => Feature<AggregatesFeature>();
}
