using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.Node.Peers;

/// <summary>
/// Who the peers of a table have proven to be. Every publication of a view describes all of its peers, and members
/// change rarely: each is looked up once, and again after a change of any member.
/// </summary>
/// <param name="envelope">Knows the members.</param>
internal sealed class PeerIdentities(NodeEnvelope envelope)
{
    /// <summary>By the place of a peer in its table.</summary>
    private (NodeId Id, long Changes, PeerIdentity? Identity)[] _found = [];

    /// <summary>Who a peer has proven to be; null if it has not.</summary>
    /// <param name="handle">Its handle.</param>
    /// <param name="id">Its id.</param>
    public PeerIdentity? Of(uint handle, NodeId id)
    {
        var place = (int)(handle & ushort.MaxValue);
        if (place >= _found.Length)
        {
            Array.Resize(ref _found, Math.Max(place + 1, 2 * _found.Length));
        }

        ref var found = ref _found[place];
        if (found.Id != id || found.Changes != envelope.IdentityChanges)
        {
            found = (id, envelope.IdentityChanges, envelope.IdentityOf(id));
        }

        return found.Identity;
    }
}
