namespace Hearsay.Protocols;

/// <summary>The kinds of notice that a node gives its operator.</summary>
public enum NodeNoticeKind
{
    /// <summary>The first peer entered an empty view.</summary>
    Joined,

    /// <summary>The view became empty. The node joins again.</summary>
    Isolated,

    /// <summary>The node contacted its seeds, and none has answered or refused yet.</summary>
    JoinFailed,

    /// <summary>A peer did not answer and left the view.</summary>
    Evicted,

    /// <summary>A peer reported that it leaves.</summary>
    Departed,

    /// <summary>The node met a node of another major version. Reported at most once an hour.</summary>
    VersionRefused,

    /// <summary>A packet of another cluster arrived. Reported at most once an hour.</summary>
    ClusterRefused,

    /// <summary>
    /// A packet arrived that is not authentic, or that belongs to another mode of security. Either its sender has
    /// another key, cluster name or mode, or somebody tries to get in. Reported at most once an hour.
    /// </summary>
    SecurityRefused,

    /// <summary>
    /// A contact sees this node under another address than the one it advertises. Reported once while that stays the
    /// same address. While contacts see different ones, it is reported less and less often, up to an hour apart.
    /// </summary>
    AddressMismatch,

    /// <summary>
    /// Another node, which is said to be at the address, uses this node's id or has used it. The notice comes within a
    /// cycle, after the address was asked. While the conflict lasts, it comes again less and less often, up to six
    /// hours apart. The number is the incarnation. In mode identity, only a node that has proven to have this node's
    /// keys counts, and <see cref="NodeNotice.Identity"/> is set.
    /// </summary>
    IdContested,

    /// <summary>
    /// The node took a new id. Either the node at the address has run for longer under the old one, or there was no
    /// incarnation left above a forged one. The id is the old one, and <see cref="NodeNotice.NewId"/> the new one.
    /// </summary>
    IdRenewed,

    /// <summary>
    /// The node at the address has run for longer under this node's id, and this node stops. Either the options demand
    /// that, or it cannot take another id, since its keys determine it (mode identity;
    /// <see cref="NodeNotice.Identity"/> is what both have). It sends nothing more.
    /// </summary>
    IdTaken,

    /// <summary>
    /// Packets of other nodes changed the stored identity of this node. Reported at once, then less and less often
    /// while this goes on, from one second to ten minutes apart, and once more at the end.
    /// </summary>
    IdentityChanged,

    /// <summary>
    /// A node that this node asked answered that it belongs to another cluster. Reported at once, then less and less
    /// often, up to an hour apart.
    /// </summary>
    RefusedByCluster,

    /// <summary>A handler of an application protocol threw an exception.</summary>
    ProtocolFault,
}
