using System.Runtime.InteropServices;

namespace Hearsay.Protocols;

/// <summary>Where a packet came from or goes to.</summary>
/// <param name="Address">The remote address as this side sees it; of an incoming stream, with its ephemeral
/// port.</param>
/// <param name="Kind">Datagram or stream.</param>
/// <param name="Connection">
/// The connection a stream packet came on, so that the answer goes back on it; 0 lets the transport choose or open one.
/// </param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Link(NodeAddress Address, LinkKind Kind, int Connection = 0);
