using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Hearsay.Protocols.Wire;

/// <summary>
/// The outer layer of every packet, datagram or stream message alike; frames follow it.
/// <code>
///  0  magic      1 byte   0x48 ('H')
///  1  major      1 byte   another major version is refused
///  2  minor      1 byte   a higher minor version only adds fields and frames
///  3  flags      1 byte   0; 1 marks a record, which is refused here; a bit that is not known is refused too
///  4  cluster    8 bytes  the first bytes of SHA-256 of the cluster's name
/// 12  sender    16 bytes  the sender's node id
/// 28  checksum   4 bytes  CRC-32C of everything else: against corruption, not against attackers
/// 32  frames
/// </code>
/// </summary>
/// <remarks>
/// A layer of its own between node and transport, so that authenticated encryption changes no protocol.
/// </remarks>
internal static class Envelope
{
    /// <summary>The length of the envelope, in bytes. The first frame follows it.</summary>
    public const int SizeBytes = 32;

    /// <summary>
    /// The maximum length of a datagram, in bytes. It fits every path of the Internet without fragmentation.
    /// </summary>
    public const int MaximumDatagramBytes = 1200;

    /// <summary>The maximum length of a message on a stream, in bytes.</summary>
    public const int MaximumStreamBytes = 65_536;

    /// <summary>The room for frames in a datagram, in bytes: the same in every mode of security.</summary>
    public const int DatagramRoomBytes = MaximumDatagramBytes - SizeBytes;

    /// <summary>The room for frames in a message on a stream, in bytes: the same in every mode of security.</summary>
    public const int StreamRoomBytes = MaximumStreamBytes - SizeBytes;

    /// <summary>The major version that this code implements.</summary>
    public const byte MajorVersion = 1;

    /// <summary>The minor version that this code implements.</summary>
    public const byte MinorVersion = 0;

    /// <summary>The flag of a packet that is no open one, but a record.</summary>
    public const byte RecordFlag = 1;

    /// <summary>The flag of a record of mode identity.</summary>
    public const byte IdentityFlag = 16;

    private const byte Magic = 0x48;
    private const int ChecksumOffset = 28;

    /// <summary>Returns the label that stands for a cluster's name in packets.</summary>
    public static ulong LabelOf(string cluster)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(cluster), hash);
        return BinaryPrimitives.ReadUInt64BigEndian(hash);
    }

    /// <summary>Writes the envelope before frames that are already in the packet.</summary>
    /// <param name="packet">The whole packet. Its first 32 bytes are overwritten.</param>
    /// <param name="label">The label of the cluster.</param>
    /// <param name="sender">The id of the sending node.</param>
    public static void Seal(Span<byte> packet, ulong label, NodeId sender)
    {
        (packet[0], packet[1], packet[2], packet[3]) = (Magic, MajorVersion, MinorVersion, 0);
        BinaryPrimitives.WriteUInt64BigEndian(packet[4..], label);
        sender.Write(packet[12..]);
        BinaryPrimitives.WriteUInt32BigEndian(packet[ChecksumOffset..], Checksum(packet));
    }

    /// <summary>The label of the cluster that a packet says it belongs to; the packet has a whole envelope.</summary>
    internal static ulong LabelIn(ReadOnlySpan<byte> packet) => BinaryPrimitives.ReadUInt64BigEndian(packet[4..]);

    /// <summary>Validates the envelope of a received packet.</summary>
    /// <param name="packet">The whole packet.</param>
    /// <param name="label">The label of this node's cluster.</param>
    /// <param name="sender">The id of the sender, as the packet claims.</param>
    /// <param name="refused">
    /// The reason for which the packet is refused; <see cref="DropReason.None"/> if it is not.
    /// </param>
    /// <returns>Whether the frames may be read.</returns>
    public static bool TryOpen(ReadOnlySpan<byte> packet, ulong label, out NodeId sender, out DropReason refused)
    {
        sender = default;
        refused = Check(packet, label);
        if (refused != DropReason.None)
        {
            return false;
        }

        sender = NodeId.Read(packet[12..]);
        refused = sender.IsNone ? DropReason.Malformed : DropReason.None;
        return refused == DropReason.None;
    }

    private static DropReason Check(ReadOnlySpan<byte> packet, ulong label)
    {
        if (packet.Length < SizeBytes || packet[0] != Magic)
        {
            return DropReason.Malformed;
        }

        if (packet[1] == MajorVersion && (packet[3] & RecordFlag) != 0)
        {
            return DropReason.WrongSecurity;
        }

        if (packet[1] != MajorVersion || packet[3] != 0)
        {
            return DropReason.WrongVersion;
        }

        if (BinaryPrimitives.ReadUInt32BigEndian(packet[ChecksumOffset..]) != Checksum(packet))
        {
            return DropReason.BadChecksum;
        }

        return LabelIn(packet) == label ? DropReason.None : DropReason.WrongCluster;
    }

    private static uint Checksum(ReadOnlySpan<byte> packet)
    {
        var crc = Crc32C.Append(uint.MaxValue, packet[..ChecksumOffset]);
        return ~Crc32C.Append(crc, packet[SizeBytes..]);
    }
}
