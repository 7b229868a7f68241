using System.Runtime.InteropServices;

namespace Hearsay.Protocols;

/// <summary>Something a node has to tell its operator or driver. Holds no buffers.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Id">The node it is about, or none.</param>
/// <param name="Address">The address it is about, or none.</param>
/// <param name="Detail">An exception or metadata bytes, where the kind has one.</param>
/// <param name="Number">A count or incarnation, where the kind has one.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct NodeNotice(
    NodeNoticeKind Kind, NodeId Id = default, NodeAddress Address = default, object? Detail = null, ulong Number = 0);
