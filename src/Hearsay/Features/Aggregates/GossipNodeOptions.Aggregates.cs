namespace Hearsay;

/// <content>Named aggregates.</content>
public sealed partial record GossipNodeOptions
{
    /// <summary>The options of aggregation, which <see cref="GossipNode.GetAggregate"/> uses.</summary>
    /// <value>
    /// Default <see cref="AggregationOptions.Default"/>. With null the node runs no aggregation and does not answer
    /// aggregation messages. All nodes of a cluster should have the same options.
    /// </value>
    public AggregationOptions? Aggregation { get; init; } = AggregationOptions.Default;
}
