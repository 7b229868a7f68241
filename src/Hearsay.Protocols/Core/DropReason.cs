namespace Hearsay.Protocols;

/// <summary>The reason for which received data was not used. Each reason has a counter.</summary>
public enum DropReason
{
    /// <summary>The data was used.</summary>
    None,

    /// <summary>The data is too short or cut off, or a field is out of its range.</summary>
    Malformed,

    /// <summary>
    /// The packet has another major version of the protocol, or a flag that this version does not know.
    /// </summary>
    WrongVersion,

    /// <summary>The packet has the label of another cluster.</summary>
    WrongCluster,

    /// <summary>The checksum does not match, so the packet was corrupted on the way.</summary>
    BadChecksum,

    /// <summary>The packet is longer than a packet may be.</summary>
    Oversized,

    /// <summary>The request has been received before.</summary>
    Replayed,

    /// <summary>The answer belongs to no pending request.</summary>
    Unsolicited,

    /// <summary>The packet claims to come from this node itself.</summary>
    OwnId,

    /// <summary>The frame belongs to a protocol that this node does not run.</summary>
    UnknownProtocol,

    /// <summary>The frame has a type that this version does not know.</summary>
    UnknownType,

    /// <summary>The descriptor names this node with an incarnation that it never had.</summary>
    ForgedSelf,

    /// <summary>The descriptor has an older incarnation than the one known.</summary>
    StaleIncarnation,

    /// <summary>The descriptor names a peer that has left.</summary>
    Departed,

    /// <summary>The descriptor has an address that did not answer its last contacts.</summary>
    Quarantined,

    /// <summary>
    /// The descriptor has no address of a family that this node can reach, or it has this node's own address.
    /// </summary>
    Unreachable,

    /// <summary>The peer table had no room for the descriptor.</summary>
    TableFull,

    /// <summary>The message carries more descriptors than this node accepts.</summary>
    Excess,

    /// <summary>The leave notice did not come from the address of the peer that leaves.</summary>
    ForgedLeave,

    /// <summary>The answers together would have been longer than the datagram that they answer.</summary>
    Amplification,

    /// <summary>There were more of this kind than a node forwards in a cycle.</summary>
    Throttled,

    /// <summary>
    /// The packet could not be authenticated: it was made with another key, for another cluster or node, or changed.
    /// </summary>
    NotAuthentic,

    /// <summary>The packet belongs to another mode of security than this node's.</summary>
    WrongSecurity,

    /// <summary>
    /// The packet is authentic, but it came late, or this node does not know its sender yet. The sender was asked to
    /// send it again with a proof that the sender is there now.
    /// </summary>
    Challenged,

    /// <summary>The packet came from a new sender while the table of known senders was full.</summary>
    NoRoom,

    /// <summary>
    /// The packet was addressed to any node at an address, and the frame is not one of those with which a node joins.
    /// </summary>
    Unaddressed,

    /// <summary>
    /// The frame came under a key that was replaced. Such a key opens only the exchange of keyrings. The newer key was
    /// sent to the sender.
    /// </summary>
    RetiredKey,

    /// <summary>
    /// The sender has proven its key, but it has no valid token: it was never admitted, its token has ended, or it was
    /// revoked.
    /// </summary>
    NotAdmitted,

    /// <summary>
    /// In mode identity, another node claimed a higher incarnation, and perhaps another address, of a peer with which
    /// this node is in contact. Only the peer itself is believed.
    /// </summary>
    NotItsOwn,
}
