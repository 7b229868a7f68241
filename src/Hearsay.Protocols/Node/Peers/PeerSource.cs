using Hearsay.Protocols.Core;
using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.Node.Peers;

/// <summary>Describes the peers of a view from the node's tables, their ages in cycles.</summary>
internal readonly struct PeerSource(
    PeerTable table, PeerRoutes routes, NodeEnvelope envelope, int ageUnitsPerCycle) : IPeerSource
{
    private readonly PeerIdentities? _identities = envelope.ProvesSenders ? new PeerIdentities(envelope) : null;

    /// <inheritdoc/>
    public Peer Describe(uint handle, ushort age)
    {
        ref readonly var info = ref table[handle];
        var prefersIPv6 = info.Addresses.IsDual && !routes.To(info.Id, info.Addresses).IsIPv4;
        return new Peer(
            info.Id, info.Addresses, info.Incarnation, age / ageUnitsPerCycle, info.Metadata, prefersIPv6)
        {
            Identity = _identities?.Of(handle, info.Id),
        };
    }
}
