using Hearsay.Protocols;

namespace Hearsay;

/// <content>Topics.</content>
public sealed partial record GossipNodeOptions
{
    /// <summary>The options of broadcast, which <see cref="GossipNode.GetTopic"/> uses.</summary>
    /// <value>
    /// Default <see cref="BroadcastOptions"/> with their defaults. With null the node runs no broadcast and passes no
    /// messages on. All nodes of a cluster should run it.
    /// </value>
    public BroadcastOptions? Broadcast { get; init; } = new();

    /// <summary>The options of the stable neighbours over which broadcast sends.</summary>
    /// <value>
    /// Default <see cref="NeighbourOptions"/> with their defaults. No effect without <see cref="Broadcast"/>.
    /// </value>
    public NeighbourOptions Neighbours { get; init; } = new();
}
