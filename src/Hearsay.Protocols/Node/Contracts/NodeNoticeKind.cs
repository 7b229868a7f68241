namespace Hearsay.Protocols;

/// <summary>What a node has to tell its operator.</summary>
public enum NodeNoticeKind
{
    /// <summary>The first peer entered an empty view.</summary>
    Joined,

    /// <summary>The view became empty; the node joins again.</summary>
    Isolated,

    /// <summary>Contacts were tried, and none has answered or refused yet.</summary>
    JoinFailed,

    /// <summary>A peer did not answer and left the view.</summary>
    Evicted,

    /// <summary>A peer said it leaves.</summary>
    Departed,

    /// <summary>A node of another major version was met; told at most once an hour.</summary>
    VersionRefused,

    /// <summary>A packet of another cluster arrived; told at most once an hour.</summary>
    ClusterRefused,

    /// <summary>
    /// A contact sees this node under another address than the one it advertises; told once per address.
    /// </summary>
    AddressMismatch,

    /// <summary>
    /// Another node, said to be at the address, uses this node's id or has used it. Told once the address was asked,
    /// within a cycle, then ever more rarely while it goes on, up to six hours apart; the number is the incarnation.
    /// </summary>
    IdContested,

    /// <summary>
    /// The node goes on under a new id, since the node at the address has run for longer under the old one, or since
    /// no incarnation was left above a forged one. The id is the old one, the detail the new <see cref="NodeId"/>.
    /// </summary>
    IdRenewed,

    /// <summary>
    /// The node at the address has run for longer under this node's id, and the options say that the node stops then:
    /// it has fallen silent.
    /// </summary>
    IdTaken,

    /// <summary>
    /// The identity that outlives the process changed because of another's packets; told at once, then ever more rarely
    /// while it goes on, from one second to ten minutes apart, and in the end.
    /// </summary>
    IdentityChanged,

    /// <summary>
    /// The node at the address, which this node asked, answers that it belongs to another cluster. Told at once, then
    /// ever more rarely, up to an hour apart.
    /// </summary>
    RefusedByCluster,

    /// <summary>A handler of an application protocol threw.</summary>
    ProtocolFault,

    /// <summary>The bytes of a peer's metadata arrived that were asked for.</summary>
    MetadataFetched,

    /// <summary>A peer's metadata was asked for and did not arrive.</summary>
    MetadataMissed,
}
