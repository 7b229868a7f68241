namespace Hearsay;

/// <content>Maps.</content>
public sealed partial record GossipNodeOptions
{
    /// <summary>The options of replicated maps, which <see cref="GossipNode.GetMap"/> uses.</summary>
    /// <value>
    /// Default null: the node holds no maps. All nodes of a cluster should have the same options. With
    /// <see cref="Broadcast"/>, writes reach the other nodes at once; without it, they wait for heartbeats.
    /// </value>
    public MapOptions? Maps { get; init; }

    /// <summary>Where the node keeps its maps over restarts.</summary>
    /// <value>
    /// Default null: in memory. With a storage, a write completes when it is durable here. Only then do other nodes
    /// hear of it.
    /// </value>
    public IMapStorage? MapStorage { get; init; }
}
