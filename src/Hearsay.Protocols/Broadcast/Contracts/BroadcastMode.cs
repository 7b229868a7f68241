namespace Hearsay.Protocols;

/// <summary>How a message spreads.</summary>
public enum BroadcastMode
{
    /// <summary>
    /// <see cref="Hybrid"/> for the first message of a source this node has not heard of, which builds a tree on its
    /// way; <see cref="Tree"/> from then on. Costs no redundant payload and needs no tuning.
    /// </summary>
    Auto,

    /// <summary>
    /// A tree for every source (Plumtree, Leitao, Pereira, Rodrigues, SRDS 2007, with eager sets per source): the first
    /// message floods, later ones are sent over each tree link once and announced over the others.
    /// </summary>
    Tree,

    /// <summary>
    /// Pushed to all neighbours for some hops, then announced and pulled. No state, no redundancy, about twice the
    /// latency of a tree.
    /// </summary>
    Hybrid,

    /// <summary>Sent to every neighbour: the fastest, at K - 1 payloads per node.</summary>
    Flood,

    /// <summary>Sent once to f peers drawn by the sampler (infect and die): reaches 1 - e^-f of the nodes.</summary>
    Fanout,
}
