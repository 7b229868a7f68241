namespace Hearsay.Protocols;

/// <summary>Why something received was not used. Each reason has a counter.</summary>
public enum DropReason
{
    /// <summary>It was used.</summary>
    None,

    /// <summary>Too short, cut off, or a field out of its range.</summary>
    Malformed,

    /// <summary>Another major version of the protocol, or a flag this version does not know.</summary>
    WrongVersion,

    /// <summary>The label of another cluster.</summary>
    WrongCluster,

    /// <summary>The checksum does not match: corrupted on the way.</summary>
    BadChecksum,

    /// <summary>Longer than a packet may be.</summary>
    Oversized,

    /// <summary>A request that was seen before.</summary>
    Replayed,

    /// <summary>An answer nobody waits for.</summary>
    Unsolicited,

    /// <summary>A packet that claims to come from this node itself.</summary>
    OwnId,

    /// <summary>A frame of a protocol this node does not run.</summary>
    UnknownProtocol,

    /// <summary>A frame type this version does not know.</summary>
    UnknownType,

    /// <summary>A descriptor of this node with an incarnation it never had.</summary>
    ForgedSelf,

    /// <summary>A descriptor of an older incarnation than the one known.</summary>
    StaleIncarnation,

    /// <summary>A descriptor of a peer that has left.</summary>
    Departed,

    /// <summary>A descriptor whose address did not answer its last contacts.</summary>
    Quarantined,

    /// <summary>A descriptor with no address of a family this node can reach, or with this node's own.</summary>
    Unreachable,

    /// <summary>A descriptor for which the peer table had no room.</summary>
    TableFull,

    /// <summary>Descriptors beyond the number this node accepts in one message.</summary>
    Excess,

    /// <summary>A leave notice that did not come from the address of the peer that leaves.</summary>
    ForgedLeave,

    /// <summary>Answers that together would have been longer than the datagram they answer.</summary>
    Amplification,

    /// <summary>More of a kind than a node forwards in a cycle.</summary>
    Throttled,
}
