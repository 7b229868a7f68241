using Hearsay.Features;
using Hearsay.Features.Aggregates;

namespace Hearsay;

/// <content>What stands on peer sampling.</content>
public sealed partial class GossipNode
{
    private readonly NodeServices _services;

    /// <summary>Returns a topic, with which you publish to all nodes or subscribe.</summary>
    /// <param name="name">The name of the topic, 1 to 64 bytes of UTF-8.</param>
    /// <exception cref="ArgumentException">
    /// The name is empty, too long, or not valid Unicode (a lone surrogate).
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// <see cref="GossipNodeOptions.Broadcast"/> is null: this node runs no broadcast.
    /// </exception>
    public Topic Topic(string name) => new(
        Running._services.Topics ?? throw new InvalidOperationException("This node runs no broadcast."), name);

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
        var service = Running._services.Aggregates
            ?? throw new InvalidOperationException("This node runs no aggregation.");
        return new(service, name);
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
    public NetworkSizeEstimate? NetworkSizeEstimate => _services.Aggregation?.Size;

    internal NodeServices Services => _services;
}
