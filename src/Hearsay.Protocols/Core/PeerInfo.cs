using System.Runtime.InteropServices;

namespace Hearsay.Protocols;

/// <summary>What a node knows of another.</summary>
/// <param name="Id">Who it is.</param>
/// <param name="Addresses">Where it is reached.</param>
/// <param name="Incarnation">Which of its lives and settings this is.</param>
/// <param name="Metadata">Its metadata, never changed once set; empty if it has none, null if it is not known.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct PeerInfo(NodeId Id, NodeAddresses Addresses, ulong Incarnation, byte[]? Metadata);
