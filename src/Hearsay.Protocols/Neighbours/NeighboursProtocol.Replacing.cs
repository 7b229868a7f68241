namespace Hearsay.Protocols.Neighbours;

/// <content>A neighbour that has moved renews its link. To do so, it must know the number of the old link.</content>
internal sealed partial class NeighboursProtocol
{
    /// <summary>
    /// The number of the link that one with this asker would replace, if that is with the same node at another address;
    /// else 0. Whoever has a neighbour's id and an address of its own must know it: else anybody took its place.
    /// </summary>
    private ulong ReplacedBy(in Peer asker)
    {
        var slot = _active.Find(asker.Id);
        return slot >= 0 && _active[slot].Peer.Addresses != asker.Addresses ? _active[slot].Number : 0;
    }

    /// <summary>A node that moved tells a neighbour which link it means.</summary>
    private void WriteReplaced(ref WireWriter writer, NodeId neighbour)
    {
        var slot = _active.Find(neighbour);
        if (slot >= 0)
        {
            writer.WriteUInt64(_active[slot].Number);
        }
    }
}
