using System.Runtime.InteropServices;
using Hearsay.Protocols;

namespace Hearsay.Simulation;

/// <summary>Every node contacts every other with the same probability, as the analyses assume.</summary>
/// <param name="Nodes">How many there are, at least 2; all live.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct UniformRumorPartners(int Nodes) : IRumorPartners
{
    /// <inheritdoc/>
    public bool IsAlive(int node) => true;

    /// <inheritdoc/>
    public int Draw(int node, ref SeededRandom random)
    {
        var other = random.Below(Nodes - 1);
        return other >= node ? other + 1 : other;
    }
}
