using System.Runtime.InteropServices;

namespace Hearsay.Protocols;

/// <summary>Something that a node reports to its operator or its driver. Immutable. It holds no buffers.</summary>
/// <param name="Kind">The kind of notice.</param>
/// <param name="Id">The id of the node that the notice is about, or none.</param>
/// <param name="Address">The address that the notice is about, or none.</param>
/// <param name="Detail">An exception, an id, an identity or the bytes of metadata, if the kind has one; otherwise null.
/// </param>
/// <param name="Number">A count or an incarnation, if the kind has one; otherwise 0.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct NodeNotice(
    NodeNoticeKind Kind, NodeId Id = default, NodeAddress Address = default, object? Detail = null, ulong Number = 0);
