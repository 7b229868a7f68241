using System.Runtime.InteropServices;

namespace Hearsay;

/// <summary>
/// Another node as a sampler returns it: an immutable copy of what this node knew about it when the sample was drawn.
/// </summary>
/// <remarks>The value holds no lock and no pooled buffer. You may keep it, and pass it to any thread.</remarks>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Peer
{
    private readonly byte[]? _metadata;
    private readonly bool _prefersIPv6;

    /// <summary>Creates a peer.</summary>
    /// <param name="id">The id of the peer.</param>
    /// <param name="addresses">The addresses at which the peer is reached.</param>
    /// <param name="incarnation">The incarnation to which the other values belong.</param>
    /// <param name="age">The age of the descriptor, in cycles.</param>
    /// <param name="metadata">
    /// The metadata; null if it is not known. The array is not copied and must not change afterwards.
    /// </param>
    public Peer(NodeId id, NodeAddresses addresses, ulong incarnation, int age, byte[]? metadata) =>
        (Id, Addresses, Incarnation, AgeCycles, _metadata) = (id, addresses, incarnation, (ushort)age, metadata);

    /// <summary>A peer as the node that knows it reaches it.</summary>
    internal Peer(
        NodeId id, NodeAddresses addresses, ulong incarnation, int age, byte[]? metadata, bool prefersIPv6)
        : this(id, addresses, incarnation, age, metadata) => _prefersIPv6 = prefersIPv6;

    /// <summary>The id of the peer.</summary>
    public NodeId Id { get; }

    /// <summary>The addresses at which the peer is reached: IPv4, IPv6 or both.</summary>
    public NodeAddresses Addresses { get; }

    /// <summary>
    /// The address to use if one is enough. If a sampler returned the peer and it has one address of each family, this
    /// is the one over which the sampling node was in contact with it, or would try first. Otherwise it is the IPv4
    /// address, or the IPv6 address if that is the only one.
    /// </summary>
    public NodeAddress Address => _prefersIPv6 && Addresses.HasIPv6 ? Addresses.IPv6 : Addresses.Primary;

    /// <summary>
    /// The incarnation of the peer. The peer raises it at every start and at every change of its addresses or metadata,
    /// so a higher number is newer.
    /// </summary>
    public ulong Incarnation { get; }

    /// <summary>
    /// The age of the descriptor in cycles; 0 if the peer has just sent it. Every node that held the descriptor added 1
    /// for each of its own cycles and, except with Newscast and Cyclon, 1 each time it was contacted. That is about 2
    /// per cycle.
    /// </summary>
    public ushort AgeCycles { get; }

    /// <summary>
    /// The identity that the peer has proven, in mode identity. It is null in the other modes, and for a peer with
    /// which this node has not been in contact yet. A peer that sent a message or a request to this node has one.
    /// </summary>
    public PeerIdentity? Identity { get; internal init; }

    /// <summary>Whether the metadata of this incarnation is known. If not, the node fetches it on request.</summary>
    public bool HasMetadata => _metadata is not null;

    /// <summary>
    /// The metadata of the peer, up to 256 bytes. It is empty if the peer has none or <see cref="HasMetadata"/> is
    /// false.
    /// </summary>
    public ReadOnlyMemory<byte> Metadata => _metadata;

    /// <summary>
    /// Returns a copy of this peer with metadata that was fetched. The array must not change afterwards.
    /// </summary>
    public Peer WithMetadata(byte[] metadata) =>
        new(Id, Addresses, Incarnation, AgeCycles, metadata, _prefersIPv6) { Identity = Identity };

    /// <summary>Returns the id and the addresses as text.</summary>
    public override string ToString() => $"{Id} at {Addresses}";
}
