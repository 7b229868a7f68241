using Hearsay.Protocols;

namespace Hearsay.Simulation.Aggregation;

/// <summary>Whom a node of a bulk run contacts. A struct, so that the loop over the nodes is compiled for it.</summary>
internal interface IPartnerChoice
{
    /// <summary>A partner, or -1 if there is none.</summary>
    /// <param name="position">The node's position among the live ones.</param>
    /// <param name="node">The node.</param>
    /// <param name="random">The cycle's stream.</param>
    int Choose(int position, int node, ref SeededRandom random);
}
