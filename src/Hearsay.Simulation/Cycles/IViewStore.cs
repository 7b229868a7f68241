using Hearsay.Protocols;
using Hearsay.Protocols.Sampling.View;

namespace Hearsay.Simulation.Cycles;

/// <summary>Where the views of a run are kept, whatever their layout.</summary>
internal interface IViewStore
{
    /// <summary>Nodes there ever were.</summary>
    int NodeCount { get; }

    /// <summary>
    /// A node's view with room for a merge; <see cref="Keep"/> it after a change. Two are open at a time: that of the
    /// active side and that of the node contacted.
    /// </summary>
    ViewSlice View(int node, bool contacted = false);

    /// <summary>Stores a view that was changed.</summary>
    void Keep(int node, in ViewSlice view);

    /// <summary>Whether a node lives.</summary>
    bool IsAlive(int node);

    /// <summary>Makes room for so many nodes in all.</summary>
    void Reserve(int nodes);

    /// <summary>Adds a node that lives and knows nobody, and returns its index.</summary>
    int Add();
}
