using Hearsay.Protocols;

namespace Hearsay.Simulation.Network;

/// <summary>Sees everything that happens on a <see cref="VirtualNetwork"/>; changes nothing.</summary>
internal interface INetworkWitness
{
    /// <summary>A node started or started again.</summary>
    void Started(VirtualNode node);

    /// <summary>A packet is about to be handed to a node.</summary>
    void Receiving(VirtualNode node, in Link from, ReadOnlySpan<byte> packet);

    /// <summary>A node is about to do what is due.</summary>
    void Due(VirtualNode node);

    /// <summary>A node sends a packet while it handles the event.</summary>
    void Sent(VirtualNode node, in Link to, ReadOnlySpan<byte> packet);

    /// <summary>The event has been handled.</summary>
    void Handled(VirtualNode node);
}
