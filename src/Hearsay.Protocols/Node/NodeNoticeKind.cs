namespace Hearsay.Protocols;

/// <summary>What a node has to tell its operator.</summary>
public enum NodeNoticeKind
{
    /// <summary>The first peer entered an empty view.</summary>
    Joined,

    /// <summary>The view became empty; the node joins again.</summary>
    Isolated,

    /// <summary>Contacts were tried and none has answered yet.</summary>
    JoinFailed,

    /// <summary>A peer did not answer and left the view.</summary>
    Evicted,

    /// <summary>A peer said it leaves.</summary>
    Departed,

    /// <summary>A node of another major version was met; told once.</summary>
    VersionRefused,

    /// <summary>A packet of another cluster arrived; told once.</summary>
    ClusterRefused,

    /// <summary>
    /// A contact sees this node under another address than the one it advertises; told once per address.
    /// </summary>
    AddressMismatch,

    /// <summary>Another node used this node's id; the incarnation was raised above it.</summary>
    IdContested,

    /// <summary>A handler of an application protocol threw.</summary>
    ProtocolFault,

    /// <summary>The bytes of a peer's metadata arrived that were asked for.</summary>
    MetadataFetched,

    /// <summary>A peer's metadata was asked for and did not arrive.</summary>
    MetadataMissed,
}
