using Hearsay.Features;
using Hearsay.Features.Aggregates;

namespace Hearsay;

/// <content>What stands on peer sampling.</content>
public sealed partial class GossipNode
{
    private readonly NodeServices _services;

    /// <summary>A topic: publish to all nodes, or listen.</summary>
    /// <param name="name">1 to 64 bytes of UTF-8.</param>
    /// <exception cref="ArgumentException">The name is empty, too long, or no Unicode (a lone surrogate).</exception>
    /// <exception cref="InvalidOperationException">
    /// <see cref="GossipNodeOptions.Broadcast"/> is null: this node runs no broadcast.
    /// </exception>
    public Topic Topic(string name) => new(
        Running._services.Topics ?? throw new InvalidOperationException("This node runs no broadcast."), name);

    /// <summary>
    /// A number that the whole network agrees on: the mean, sum, count or quantiles of all nodes' values.
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
    /// How many nodes the network has, as aggregation knows it; null while it knows nothing, and without aggregation.
    /// <see cref="NetworkSizeEstimate"/> has the error too.
    /// </summary>
    public double? NetworkSize => NetworkSizeEstimate?.Size;

    /// <summary>
    /// How many nodes the network has, with the error: measured in the last whole epoch, before that of the epoch under
    /// way or told by others, mostly within ten cycles of aggregation; null while nothing is known, and without
    /// aggregation.
    /// </summary>
    public NetworkSizeEstimate? NetworkSizeEstimate => _services.Aggregation?.Size;

    internal NodeServices Services => _services;
}
