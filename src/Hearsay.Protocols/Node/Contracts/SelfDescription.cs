using System.Runtime.CompilerServices;

namespace Hearsay.Protocols;

/// <summary>What a node says of itself. Changed by the event loop only.</summary>
public sealed class SelfDescription
{
    /// <summary>In a box of its own, so that who reads it on another thread never sees half of a new id.</summary>
    private StrongBox<NodeId> _id = new();

    /// <summary>A node's description.</summary>
    /// <param name="id">Who it is; not none.</param>
    /// <param name="incarnation">From 0 to <see cref="Descriptor.MaximumIncarnation"/>.</param>
    /// <param name="addresses">Where it is reached.</param>
    /// <param name="metadata">At most 256 bytes; must not change afterwards.</param>
    public SelfDescription(NodeId id, ulong incarnation, NodeAddresses addresses, byte[] metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(metadata.Length, Descriptor.MaximumMetadataBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(incarnation, Descriptor.MaximumIncarnation);
        ArgumentOutOfRangeException.ThrowIfEqual(id, NodeId.None);
        (Id, Incarnation, Addresses, Metadata) = (id, incarnation, addresses, metadata);
    }

    /// <summary>Who it is; may be read on any thread.</summary>
    public NodeId Id
    {
        get => _id.Value;
        internal set => _id = new StrongBox<NodeId>(value);
    }

    /// <summary>Raised by the node itself at every start and change.</summary>
    public ulong Incarnation { get; internal set; }

    /// <summary>Where it is reached.</summary>
    public NodeAddresses Addresses { get; internal set; }

    /// <summary>Its metadata.</summary>
    public byte[] Metadata { get; internal set; }

    /// <summary>The node as a peer of age 0.</summary>
    public Peer ToPeer() => new(Id, Addresses, Incarnation, 0, Metadata);

    /// <summary>The node as it describes itself on the wire, with age 0.</summary>
    internal Descriptor ToDescriptor(bool withMetadata) => new(
        Id,
        Incarnation,
        0,
        Addresses,
        Metadata.Length == 0 ? MetadataPresence.None
            : withMetadata ? MetadataPresence.Included : MetadataPresence.Omitted,
        withMetadata ? Metadata : default);
}
