namespace Hearsay.Protocols.Security.Identity;

/// <content>
/// Nodes with the same keys, as after the copy of a disk image. A session of this node with one that has its keys is
/// proof of it: message 2 answers an ephemeral key of the asker, the first packet of the session one of the asked, and
/// nobody answers its own. What was recorded earlier opens no session, and neither does what an attacker sends back.
/// </content>
internal sealed partial class IdentityEnvelope
{
    /// <summary>This node's number of the session over which the latest packet came; 0 if it came over none.</summary>
    private uint _openedOver;

    private Link _openedLink;

    /// <summary>Whether an id is this node's own.</summary>
    private bool IsNamesake(NodeId id) => id == _security.Keys.Id;

    /// <summary>
    /// The session over which a packet for a node goes: the one that its question came over, else one with its address,
    /// else the latest. A copy of the node may have another session, and could not read what is meant for the node.
    /// </summary>
    private int FindSession(NodeId id, in Link to, Instant now)
    {
        if (to == _openedLink && _sessions.Find(_openedOver, now) is >= 0 and var over
            && _sessions[over].Peer!.Id == id)
        {
            return over;
        }

        var place = _sessions.FindPeer(id, now);
        if (to.Connection != 0 || (place >= 0 && _sessions[place].Address == to.Address))
        {
            return IsNamesake(id) && to.Connection != 0 ? -1 : place;
        }

        var there = _sessions.FindPeerAt(id, to.Address, now);
        return there >= 0 || IsNamesake(id) ? there : place;
    }
}
