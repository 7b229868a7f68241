using System.Buffers.Binary;

namespace Hearsay.Protocols.Wire;

/// <summary>
/// One peer on the wire.
/// <code>
///  length        1-2 bytes  of what follows; a reader skips what it does not know
///  flags         1 byte     1 IPv4, 2 IPv6, 4 metadata included, 8 metadata omitted
///  id           16 bytes
///  incarnation   8 bytes
///  age           2 bytes    in cycles (of Newscast in sixteenths of a cycle)
///  IPv4          6 bytes    address and port, if flagged
///  IPv6         18 bytes    address and port, if flagged
///  metadata      1 + n      length - 1, then 1 to 256 bytes, if flagged as included
/// </code>
/// </summary>
/// <remarks>The metadata points into the packet and is valid only as long as it is.</remarks>
internal readonly ref struct Descriptor
{
    /// <summary>The maximum length of metadata, in bytes.</summary>
    public const int MaximumMetadataBytes = 256;

    /// <summary>
    /// The highest incarnation that a node accepts. It leaves the owner room to raise its incarnation for ever.
    /// </summary>
    public const ulong MaximumIncarnation = 1UL << 62;

    private const byte FlagIPv4 = 1;
    private const byte FlagIPv6 = 2;
    private const byte FlagIncluded = 4;
    private const byte FlagOmitted = 8;
    private const int IncarnationOffset = 1 + NodeId.SizeBytes;
    private const int AgeOffset = IncarnationOffset + sizeof(ulong);
    private const int FixedBytes = AgeOffset + sizeof(ushort);
    private const int IPv4Bytes = sizeof(uint) + sizeof(ushort);
    private const int IPv6Bytes = (2 * sizeof(ulong)) + sizeof(ushort);

    /// <summary>Creates a descriptor.</summary>
    /// <param name="id">The id of the peer.</param>
    /// <param name="incarnation">The incarnation of the peer.</param>
    /// <param name="ageCycles">The age of the descriptor, in cycles.</param>
    /// <param name="addresses">The addresses at which the peer is reached.</param>
    /// <param name="presence">Whether the peer has metadata, and whether it is included.</param>
    /// <param name="metadata">The metadata, if it is included. The span is not copied.</param>
    public Descriptor(
        NodeId id,
        ulong incarnation,
        ushort ageCycles,
        NodeAddresses addresses,
        MetadataPresence presence,
        ReadOnlySpan<byte> metadata)
    {
        (Id, Incarnation, AgeCycles, Addresses, Presence) = (id, incarnation, ageCycles, addresses, presence);
        Metadata = metadata;
    }

    /// <summary>The id of the peer.</summary>
    public NodeId Id { get; }

    /// <summary>The incarnation of the peer.</summary>
    public ulong Incarnation { get; }

    /// <summary>The age of the descriptor, in cycles.</summary>
    public ushort AgeCycles { get; }

    /// <summary>The addresses at which the peer is reached.</summary>
    public NodeAddresses Addresses { get; }

    /// <summary>Whether the peer has metadata, and whether it is included.</summary>
    public MetadataPresence Presence { get; }

    /// <summary>The metadata, if it is included; otherwise empty.</summary>
    public ReadOnlySpan<byte> Metadata { get; }

    /// <summary>Returns the length of a descriptor on the wire, in bytes.</summary>
    public static int SizeBytes(in NodeAddresses addresses, int metadataBytes)
    {
        var size = FixedBytes + (addresses.HasIPv4 ? IPv4Bytes : 0) + (addresses.HasIPv6 ? IPv6Bytes : 0)
            + (metadataBytes > 0 ? 1 + metadataBytes : 0);
        return size + (size >= 0x80 ? 2 : 1);
    }

    /// <summary>Writes the descriptor. If it does not fit, the writer fails.</summary>
    public void Write(scoped ref WireWriter writer)
    {
        var included = Presence == MetadataPresence.Included;
        var size = SizeBytes(Addresses, included ? Metadata.Length : 0);
        if (!writer.TryTake(size, out var bytes))
        {
            return;
        }

        var head = size > 0x80 ? 2 : 1;
        bytes[0] = (byte)(0x80 | ((size - head) >> 8));
        bytes[head - 1] = (byte)(size - head);
        bytes = bytes[head..];
        bytes[0] = (byte)((Addresses.HasIPv4 ? FlagIPv4 : 0) | (Addresses.HasIPv6 ? FlagIPv6 : 0)
            | (included ? FlagIncluded : 0) | (Presence == MetadataPresence.Omitted ? FlagOmitted : 0));
        Id.Write(bytes[1..]);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[IncarnationOffset..], Incarnation);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[AgeOffset..], AgeCycles);
        bytes = bytes[FixedBytes..];
        if (Addresses.HasIPv4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes, Addresses.IPv4.IPv4Bits);
            BinaryPrimitives.WriteUInt16BigEndian(bytes[sizeof(uint)..], Addresses.IPv4.Port);
            bytes = bytes[IPv4Bytes..];
        }

        if (Addresses.HasIPv6)
        {
            BinaryPrimitives.WriteUInt64BigEndian(bytes, Addresses.IPv6.HighBits);
            BinaryPrimitives.WriteUInt64BigEndian(bytes[sizeof(ulong)..], Addresses.IPv6.LowBits);
            BinaryPrimitives.WriteUInt16BigEndian(bytes[(2 * sizeof(ulong))..], Addresses.IPv6.Port);
            bytes = bytes[IPv6Bytes..];
        }

        if (included)
        {
            bytes[0] = (byte)(Metadata.Length - 1);
            Metadata.CopyTo(bytes[1..]);
        }
    }

    /// <summary>Reads and validates a descriptor.</summary>
    /// <param name="packet">The reader, which is advanced past the descriptor.</param>
    /// <param name="descriptor">The descriptor. Its metadata points into the packet.</param>
    /// <returns>
    /// False if the descriptor is cut off, has no id or no address, or has an incarnation above
    /// <see cref="MaximumIncarnation"/>.
    /// </returns>
    public static bool TryRead(ref WireReader packet, out Descriptor descriptor)
    {
        var bytes = packet.ReadBytes(packet.ReadLength());
        if (bytes.Length < FixedBytes)
        {
            descriptor = default;
            return false;
        }

        var flags = bytes[0];
        var id = NodeId.Read(bytes[1..]);
        var incarnation = BinaryPrimitives.ReadUInt64BigEndian(bytes[IncarnationOffset..]);
        var age = BinaryPrimitives.ReadUInt16BigEndian(bytes[AgeOffset..]);
        var rest = new WireReader(bytes[FixedBytes..]);
        var first = (flags & FlagIPv4) != 0 ? NodeAddress.FromIPv4(rest.ReadUInt32(), rest.ReadUInt16()) : default;
        var second = (flags & FlagIPv6) != 0
            ? NodeAddress.FromIPv6(rest.ReadUInt64(), rest.ReadUInt64(), rest.ReadUInt16())
            : default;
        var included = (flags & FlagIncluded) != 0;
        var metadata = included ? rest.ReadBytes(1 + rest.ReadByte()) : default;
        var presence = included ? MetadataPresence.Included
            : (flags & FlagOmitted) != 0 ? MetadataPresence.Omitted : MetadataPresence.None;
        descriptor = new Descriptor(id, incarnation, age, new NodeAddresses(first, second), presence, metadata);
        return !rest.Failed && !id.IsNone && incarnation <= MaximumIncarnation
            && (flags & (FlagIncluded | FlagOmitted)) != (FlagIncluded | FlagOmitted)
            && IsFine(flags, FlagIPv4, first) && IsFine(flags, FlagIPv6, second) && !descriptor.Addresses.IsEmpty;
    }

    private static bool IsFine(byte flags, byte flag, in NodeAddress address) =>
        (flags & flag) == 0 || (address.IsUsable && address.IsIPv4 == (flag == FlagIPv4));
}
