namespace Hearsay.Protocols;

/// <summary>The way in which a message spreads.</summary>
public enum BroadcastMode
{
    /// <summary>
    /// Uses <see cref="Hybrid"/> for the first message of a source that this node does not know, which builds a tree,
    /// and <see cref="Tree"/> from then on. It sends no payload twice and needs no tuning.
    /// </summary>
    Auto,

    /// <summary>
    /// Uses a tree for every source (Plumtree, Leitao, Pereira, Rodrigues, SRDS 2007, with eager sets per source). The
    /// first message floods the network. Later ones are sent once over each link of the tree and announced over the
    /// others.
    /// </summary>
    Tree,

    /// <summary>
    /// Pushes to all neighbours for some hops, then announces and pulls. It needs no state and has no redundancy, and
    /// its latency is about twice that of a tree.
    /// </summary>
    Hybrid,

    /// <summary>Sends to every neighbour. This is the fastest mode, and costs K - 1 payloads per node.</summary>
    Flood,

    /// <summary>
    /// Sends once to f peers drawn by the sampler (infect and die), which reaches a share of 1 - e^-f of the nodes.
    /// </summary>
    Fanout,
}
