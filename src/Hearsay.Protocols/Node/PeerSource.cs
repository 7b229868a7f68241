namespace Hearsay.Protocols;

/// <summary>Describes the peers of a view from the node's table.</summary>
internal readonly struct PeerSource(PeerTable table) : IPeerSource
{
    /// <inheritdoc/>
    public Peer Describe(uint handle, ushort age)
    {
        var info = table[handle];
        return new Peer(info.Id, info.Addresses, info.Incarnation, age, info.Metadata);
    }
}
