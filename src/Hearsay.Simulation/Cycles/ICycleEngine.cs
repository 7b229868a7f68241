namespace Hearsay.Simulation;

/// <summary>
/// A cycle-driven run: in every cycle each live node has one turn, and an exchange is atomic. Engines differ in the
/// order of the turns and in their cost, but not in the effect of an exchange.
/// </summary>
public interface ICycleEngine : IDisposable
{
    /// <summary>Cycles run so far.</summary>
    int Cycle { get; }

    /// <summary>The number of nodes so far, dead ones included. Indexes go from 0 to one less.</summary>
    int NodeCount { get; }

    /// <summary>The number of live nodes.</summary>
    int LiveCount { get; }

    /// <summary>Exchanges run so far: turns in which a partner was reached, each partner counted.</summary>
    long Exchanges { get; }

    /// <summary>Bytes of protocol state: the state of all nodes that is kept from one cycle to the next.</summary>
    long StateBytes { get; }

    /// <summary>Runs some cycles.</summary>
    void Run(int cycles);

    /// <summary>Adds a node that knows one other.</summary>
    /// <param name="contact">The node that it knows.</param>
    /// <returns>Its index.</returns>
    int Join(int contact);

    /// <summary>Kills a number of uniform random live nodes at once. The other nodes are not told.</summary>
    /// <returns>How many died: all if there are no more.</returns>
    int KillNodes(int count);

    /// <summary>Kills a uniform random share of the live nodes at once. The other nodes are not told.</summary>
    /// <param name="share">From 0 to 1.</param>
    /// <returns>How many died.</returns>
    int Kill(double share);

    /// <summary>Kills one node, if it is alive. The other nodes are not told.</summary>
    void KillNode(int node);

    /// <summary>Returns whether a node is alive.</summary>
    bool IsAlive(int node);

    /// <summary>Returns the view of a node. Valid until the next cycle, join or disposal.</summary>
    ReadOnlySpan<uint> ViewOf(int node);

    /// <summary>Returns the ages of the entries in a node's view, in cycles, in the same order. Valid as long as the
    /// view.</summary>
    ReadOnlySpan<ushort> AgesOf(int node);

    /// <summary>Entries of live nodes' views that point to dead nodes; cheaper than a snapshot.</summary>
    long CountDeadLinks();

    /// <summary>The overlay as it is now.</summary>
    OverlayGraph Snapshot();

    /// <summary>Throws if any view holds its own node, a node twice or too many.</summary>
    /// <exception cref="InvalidOperationException">A view breaks its invariant.</exception>
    void AssertInvariants();
}
