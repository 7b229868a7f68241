using Hearsay.Protocols;

namespace Hearsay.Simulation.Network;

/// <summary>Two who see everything; the second one may throw, and the first has seen it by then.</summary>
internal sealed class WitnessPair(INetworkWitness first, INetworkWitness second) : INetworkWitness
{
    /// <summary>The other one.</summary>
    public INetworkWitness Second => second;

    /// <inheritdoc/>
    public void Started(VirtualNode node)
    {
        first.Started(node);
        second.Started(node);
    }

    /// <inheritdoc/>
    public void Receiving(VirtualNode node, in Link from, ReadOnlySpan<byte> packet)
    {
        first.Receiving(node, from, packet);
        second.Receiving(node, from, packet);
    }

    /// <inheritdoc/>
    public void Due(VirtualNode node)
    {
        first.Due(node);
        second.Due(node);
    }

    /// <inheritdoc/>
    public void Sent(VirtualNode node, in Link to, ReadOnlySpan<byte> packet)
    {
        first.Sent(node, to, packet);
        second.Sent(node, to, packet);
    }

    /// <inheritdoc/>
    public void Handled(VirtualNode node)
    {
        first.Handled(node);
        second.Handled(node);
    }
}
