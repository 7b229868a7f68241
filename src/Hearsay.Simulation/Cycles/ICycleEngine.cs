namespace Hearsay.Simulation;

/// <summary>
/// A cycle-driven run: in every cycle each live node has one turn, and an exchange is atomic. Engines differ in how
/// they order the turns and in what they cost, not in what an exchange does.
/// </summary>
public interface ICycleEngine : IDisposable
{
    /// <summary>Cycles run so far.</summary>
    int Cycle { get; }

    /// <summary>Nodes there ever were, dead ones included: indexes go from 0 to one less.</summary>
    int NodeCount { get; }

    /// <summary>Nodes that live.</summary>
    int LiveCount { get; }

    /// <summary>Exchanges run so far: turns in which a partner was reached, each partner counted.</summary>
    long Exchanges { get; }

    /// <summary>Bytes of protocol state: what is kept of all nodes from one cycle to the next.</summary>
    long StateBytes { get; }

    /// <summary>Runs some cycles.</summary>
    void Run(int cycles);

    /// <summary>Adds a node that knows one other.</summary>
    /// <param name="contact">Whom it knows.</param>
    /// <returns>Its index.</returns>
    int Join(int contact);

    /// <summary>Kills some uniform random live nodes at once. Nobody is told.</summary>
    /// <returns>How many died: all if there are no more.</returns>
    int KillNodes(int count);

    /// <summary>Kills a uniform random share of the live nodes at once. Nobody is told.</summary>
    /// <param name="share">From 0 to 1.</param>
    /// <returns>How many died.</returns>
    int Kill(double share);

    /// <summary>Kills one node, if it lives. Nobody is told.</summary>
    void KillNode(int node);

    /// <summary>Whether a node lives.</summary>
    bool IsAlive(int node);

    /// <summary>Whom a node knows. Valid until the next cycle, join or disposal.</summary>
    ReadOnlySpan<uint> ViewOf(int node);

    /// <summary>How old what it knows is, in cycles, parallel to the view. Valid as long as that.</summary>
    ReadOnlySpan<ushort> AgesOf(int node);

    /// <summary>Entries of live nodes' views that point to dead nodes; cheaper than a snapshot.</summary>
    long CountDeadLinks();

    /// <summary>The overlay as it is now.</summary>
    OverlayGraph Snapshot();

    /// <summary>Throws if any view holds its own node, a node twice or too many.</summary>
    /// <exception cref="InvalidOperationException">A view breaks its invariant.</exception>
    void AssertInvariants();
}
