using System.Runtime.InteropServices;

namespace Hearsay.Protocols;

/// <summary>The remote end of a packet: where it came from or goes to. Immutable.</summary>
/// <param name="Address">
/// The remote address as this side sees it. For an incoming stream, it has the ephemeral port.
/// </param>
/// <param name="Kind">Datagram or stream.</param>
/// <param name="Connection">
/// The connection on which a stream packet came, so that the answer goes back on it. With 0 the transport chooses a
/// connection or opens one.
/// </param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Link(NodeAddress Address, LinkKind Kind, int Connection = 0);
