using System.Runtime.InteropServices;

namespace Hearsay.Protocols;

/// <summary>Something that a node reports to its operator or its driver. Immutable. It holds no buffers.</summary>
/// <param name="Kind">The kind of notice.</param>
/// <param name="Id">The id of the node that the notice is about, or none.</param>
/// <param name="Address">The address that the notice is about, or none.</param>
/// <param name="Fault">The exception that a protocol threw, or null.</param>
/// <param name="Number">A count or an incarnation, if the kind has one; otherwise 0.</param>
/// <param name="NewId">The id that this node has taken in place of <paramref name="Id"/>, or none.</param>
/// <param name="Identity">The identity that the node at <paramref name="Address"/> has proven, or null.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct NodeNotice(
    NodeNoticeKind Kind, NodeId Id = default, NodeAddress Address = default, Exception? Fault = null, ulong Number = 0,
    NodeId NewId = default, PeerIdentity? Identity = null);
