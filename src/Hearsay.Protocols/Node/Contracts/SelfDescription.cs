using System.Runtime.CompilerServices;
using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols;

/// <summary>What a node tells others about itself. Only the event loop changes it.</summary>
public sealed class SelfDescription
{
    /// <summary>In a box of its own, so that who reads it on another thread never sees half of a new id.</summary>
    private StrongBox<NodeId> _id = new();

    /// <summary>Creates the description of a node.</summary>
    /// <param name="id">The id of the node, which must not be <see cref="NodeId.None"/>.</param>
    /// <param name="incarnation">The incarnation, from 0 to <see cref="Descriptor.MaximumIncarnation"/>.</param>
    /// <param name="addresses">The addresses at which the node is reached.</param>
    /// <param name="metadata">At most 256 bytes. The array is not copied and must not change afterwards.</param>
    public SelfDescription(NodeId id, ulong incarnation, NodeAddresses addresses, byte[] metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(metadata.Length, Descriptor.MaximumMetadataBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(incarnation, Descriptor.MaximumIncarnation);
        ArgumentOutOfRangeException.ThrowIfEqual(id, NodeId.None);
        (Id, Incarnation, Addresses, Metadata) = (id, incarnation, addresses, metadata);
    }

    /// <summary>The id of the node. Any thread may read it.</summary>
    public NodeId Id
    {
        get => _id.Value;
        internal set => _id = new StrongBox<NodeId>(value);
    }

    /// <summary>The incarnation, which the node raises at every start and every change.</summary>
    public ulong Incarnation { get; internal set; }

    /// <summary>The addresses at which the node is reached.</summary>
    public NodeAddresses Addresses { get; internal set; }

    /// <summary>The metadata. The array must not be changed.</summary>
    public byte[] Metadata { get; internal set; }

    /// <summary>Returns the node as a peer of age 0.</summary>
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
