using Hearsay.Protocols;

namespace Hearsay.Simulation;

/// <summary>Whom the nodes of a <see cref="RumorRun"/> contact: everybody, or an overlay.</summary>
public interface IRumorPartners
{
    /// <summary>How many nodes there are, dead ones included.</summary>
    int Nodes { get; }

    /// <summary>Whether a node lives; the dead neither contact nor hear.</summary>
    bool IsAlive(int node);

    /// <summary>Draws a partner of a node, never the node itself.</summary>
    /// <returns>-1 if it has none.</returns>
    int Draw(int node, ref SeededRandom random);
}
