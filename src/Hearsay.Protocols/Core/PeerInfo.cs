using System.Runtime.InteropServices;

namespace Hearsay.Protocols.Core;

/// <summary>What a node knows about another node. Immutable.</summary>
/// <param name="Id">The id of the other node.</param>
/// <param name="Addresses">The addresses at which the other node is reached.</param>
/// <param name="Incarnation">The incarnation to which the other values belong.</param>
/// <param name="Metadata">
/// The metadata, which never changes; empty if the node has none, null if it is not known.
/// </param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PeerInfo(NodeId Id, NodeAddresses Addresses, ulong Incarnation, byte[]? Metadata);
