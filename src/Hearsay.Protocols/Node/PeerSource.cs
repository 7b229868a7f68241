namespace Hearsay.Protocols;

/// <summary>Describes the peers of a view from the node's table, their ages in cycles.</summary>
internal readonly struct PeerSource(PeerTable table, int ageUnitsPerCycle) : IPeerSource
{
    /// <inheritdoc/>
    public Peer Describe(uint handle, ushort age)
    {
        ref readonly var info = ref table[handle];
        return new Peer(info.Id, info.Addresses, info.Incarnation, age / ageUnitsPerCycle, info.Metadata);
    }
}
