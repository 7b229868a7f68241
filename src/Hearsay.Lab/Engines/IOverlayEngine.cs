using Hearsay.Simulation;

namespace Hearsay.Lab;

/// <summary>
/// What an experiment needs of a simulation. The seam where a faster engine takes over without a change of any
/// experiment.
/// </summary>
public interface IOverlayEngine
{
    /// <summary>Cycles run so far.</summary>
    int Cycle { get; }

    /// <summary>Nodes there ever were: indexes go from 0 to one less.</summary>
    int NodeCount { get; }

    /// <summary>Nodes that live.</summary>
    int LiveCount { get; }

    /// <summary>Exchanges run so far.</summary>
    long ExchangeCount { get; }

    /// <summary>Bytes of protocol state of all nodes.</summary>
    long StateBytes { get; }

    /// <summary>Runs some cycles.</summary>
    void Run(int cycles);

    /// <summary>Adds a node that knows one other.</summary>
    /// <returns>Its index.</returns>
    int Join(int contact);

    /// <summary>Kills some uniform random live nodes at once.</summary>
    void KillNodes(int count);

    /// <summary>Whether a node lives.</summary>
    bool IsAlive(int node);

    /// <summary>Whom a node knows; valid until the next cycle.</summary>
    ReadOnlySpan<uint> ViewOf(int node);

    /// <summary>The ages of what it knows, parallel to the view; valid until the next cycle.</summary>
    ReadOnlySpan<ushort> AgesOf(int node);

    /// <summary>Entries of live nodes that point to dead ones.</summary>
    long CountDeadLinks();

    /// <summary>The overlay as it is now.</summary>
    OverlayGraph Snapshot();
}
