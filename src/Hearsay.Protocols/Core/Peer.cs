using System.Runtime.InteropServices;

namespace Hearsay;

/// <summary>
/// Another node as the sampler hands it out: an immutable copy of what was known of it when the sample was drawn.
/// </summary>
/// <remarks>A value that holds no lock and no pool: keep it, pass it to any thread, store it.</remarks>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Peer
{
    private readonly byte[]? _metadata;
    private readonly bool _prefersIPv6;

    /// <summary>A peer as it is known.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="addresses">Where it is reached.</param>
    /// <param name="incarnation">Which of its lives and settings this describes.</param>
    /// <param name="age">The age of its descriptor in cycles.</param>
    /// <param name="metadata">Its metadata, not copied and never changed afterwards; null if it is not known
    /// here.</param>
    public Peer(NodeId id, NodeAddresses addresses, ulong incarnation, int age, byte[]? metadata) =>
        (Id, Addresses, Incarnation, AgeCycles, _metadata) = (id, addresses, incarnation, (ushort)age, metadata);

    /// <summary>A peer as the node that knows it reaches it.</summary>
    internal Peer(
        NodeId id, NodeAddresses addresses, ulong incarnation, int age, byte[]? metadata, bool prefersIPv6)
        : this(id, addresses, incarnation, age, metadata) => _prefersIPv6 = prefersIPv6;

    /// <summary>Who it is.</summary>
    public NodeId Id { get; }

    /// <summary>Where it is reached: IPv4, IPv6 or both.</summary>
    public NodeAddresses Addresses { get; }

    /// <summary>
    /// The address to use if one is enough. Of a peer with one of each family it is the one over which the node that
    /// handed out the sample was in contact with it, or would try first; otherwise IPv4.
    /// </summary>
    public NodeAddress Address => _prefersIPv6 && Addresses.HasIPv6 ? Addresses.IPv6 : Addresses.Primary;

    /// <summary>Raised by its owner at every start and every change of address or metadata; higher is newer.</summary>
    public ulong Incarnation { get; }

    /// <summary>
    /// How old the descriptor was: 0 is what the node said of itself just now. Whoever held it counted one for each of
    /// its own cycles and, but for Newscast and Cyclon, one for each time it was contacted: about two a cycle.
    /// </summary>
    public ushort AgeCycles { get; }

    /// <summary>
    /// Whether the metadata of this incarnation is known here; if not, the node fetches it on request.
    /// </summary>
    public bool HasMetadata => _metadata is not null;

    /// <summary>
    /// The metadata its owner set, up to 256 bytes; empty if it set none or <see cref="HasMetadata"/> is false.
    /// </summary>
    public ReadOnlyMemory<byte> Metadata => _metadata;

    /// <summary>
    /// The same peer with the metadata that was fetched for it; the array must not change afterwards.
    /// </summary>
    public Peer WithMetadata(byte[] metadata) => 
        new(Id, Addresses, Incarnation, AgeCycles, metadata, _prefersIPv6);

    /// <summary>The id and address.</summary>
    public override string ToString() => $"{Id} at {Addresses}";
}
