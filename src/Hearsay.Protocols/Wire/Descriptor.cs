using System.Runtime.CompilerServices;

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
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
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
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
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
        BigEndian.WriteUInt64(bytes, 1, Id.High);
        BigEndian.WriteUInt64(bytes, 1 + sizeof(ulong), Id.Low);
        BigEndian.WriteUInt64(bytes, IncarnationOffset, Incarnation);
        BigEndian.WriteUInt16(bytes, AgeOffset, AgeCycles);
        bytes = bytes[FixedBytes..];
        if (Addresses.HasIPv4)
        {
            BigEndian.WriteUInt32(bytes, 0, Addresses.IPv4Bits);
            BigEndian.WriteUInt16(bytes, sizeof(uint), Addresses.IPv4Port);
            bytes = bytes[IPv4Bytes..];
        }

        if (Addresses.HasIPv6)
        {
            var second = Addresses.IPv6;
            BigEndian.WriteUInt64(bytes, 0, second.HighBits);
            BigEndian.WriteUInt64(bytes, sizeof(ulong), second.LowBits);
            BigEndian.WriteUInt16(bytes, 2 * sizeof(ulong), second.Port);
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
        descriptor = default;
        var bytes = packet.ReadBytes(packet.ReadLength());
        if (bytes.Length < FixedBytes)
        {
            return false;
        }

        var flags = bytes[0];
        var id = new NodeId(BigEndian.ReadUInt64(bytes, 1), BigEndian.ReadUInt64(bytes, 1 + sizeof(ulong)));
        var incarnation = BigEndian.ReadUInt64(bytes, IncarnationOffset);
        var at = FixedBytes;
        if (id.IsNone || incarnation > MaximumIncarnation || !TryReadAddresses(bytes, flags, ref at, out var addresses))
        {
            return false;
        }

        var presence = MetadataPresence.None;
        ReadOnlySpan<byte> metadata = default;
        if ((flags & (FlagIncluded | FlagOmitted)) != 0
            && !TryReadMetadata(bytes[at..], flags, out presence, out metadata))
        {
            return false;
        }

        var age = BigEndian.ReadUInt16(bytes, AgeOffset);
        descriptor = new Descriptor(id, incarnation, age, addresses, presence, metadata);
        return true;
    }

    /// <summary>Reads the flagged addresses; there must be one, and each must be usable and of its family.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryReadAddresses(ReadOnlySpan<byte> bytes, byte flags, ref int at, out NodeAddresses addresses)
    {
        addresses = default;
        var (bits, port) = (0u, (ushort)0);
        if ((flags & FlagIPv4) != 0)
        {
            if (bytes.Length < at + IPv4Bytes)
            {
                return false;
            }

            (bits, port) = (BigEndian.ReadUInt32(bytes, at), BigEndian.ReadUInt16(bytes, at + sizeof(uint)));
            at += IPv4Bytes;
            if (port == 0 || !NodeAddress.IsUsableIPv4(bits))
            {
                return false;
            }
        }

        if ((flags & FlagIPv6) == 0)
        {
            addresses = new NodeAddresses(bits, port);
            return port != 0;
        }

        if (bytes.Length < at + IPv6Bytes)
        {
            return false;
        }

        var second = NodeAddress.FromIPv6(
            BigEndian.ReadUInt64(bytes, at), BigEndian.ReadUInt64(bytes, at + sizeof(ulong)),
            BigEndian.ReadUInt16(bytes, at + (2 * sizeof(ulong))));
        at += IPv6Bytes;
        addresses = new NodeAddresses(port == 0 ? default : NodeAddress.FromIPv4(bits, port), second);
        return second.IsUsable && !second.IsIPv4;
    }

    private static bool TryReadMetadata(
        ReadOnlySpan<byte> bytes, byte flags, out MetadataPresence presence, out ReadOnlySpan<byte> metadata)
    {
        metadata = default;
        var included = (flags & FlagIncluded) != 0;
        presence = included ? MetadataPresence.Included : MetadataPresence.Omitted;
        if (!included)
        {
            return true;
        }

        if ((flags & FlagOmitted) != 0 || bytes.IsEmpty || bytes.Length < 2 + bytes[0])
        {
            return false;
        }

        metadata = bytes.Slice(1, 1 + bytes[0]);
        return true;
    }
}
