using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace Hearsay.Protocols;

/// <summary>
/// The outer layer of every packet, datagram or stream message alike; frames follow it.
/// <code>
///  0  magic      1 byte   0x48 ('H')
///  1  major      1 byte   another major version is refused
///  2  minor      1 byte   a higher minor version only adds fields and frames
///  3  flags      1 byte   0; a bit that is not known changes how the rest is read, so it is refused
///  4  cluster    8 bytes  the first bytes of SHA-256 of the cluster's name
/// 12  sender    16 bytes  the sender's node id
/// 28  checksum   4 bytes  CRC-32C of everything else: against corruption, not against attackers
/// 32  frames
/// </code>
/// </summary>
/// <remarks>
/// A layer of its own between node and transport, so that authenticated encryption changes no protocol.
/// </remarks>
public static class Envelope
{
    /// <summary>The bytes before the first frame.</summary>
    public const int SizeBytes = 32;

    /// <summary>The longest datagram: fits every path of the Internet unfragmented.</summary>
    public const int MaximumDatagramBytes = 1200;

    /// <summary>The longest message on a stream.</summary>
    public const int MaximumStreamBytes = 65_536;

    /// <summary>The major version this code speaks.</summary>
    public const byte MajorVersion = 1;

    /// <summary>The minor version this code speaks.</summary>
    public const byte MinorVersion = 0;

    private const byte Magic = 0x48;
    private const int ChecksumOffset = 28;

    /// <summary>The label of a cluster's name, as it stands in packets.</summary>
    public static ulong LabelOf(string cluster)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(cluster), hash);
        return BinaryPrimitives.ReadUInt64BigEndian(hash);
    }

    /// <summary>Fills in the envelope before frames that are already in place.</summary>
    /// <param name="packet">The whole packet; its first 32 bytes are overwritten.</param>
    /// <param name="label">The cluster's label.</param>
    /// <param name="sender">The sending node.</param>
    public static void Seal(Span<byte> packet, ulong label, NodeId sender)
    {
        (packet[0], packet[1], packet[2], packet[3]) = (Magic, MajorVersion, MinorVersion, 0);
        BinaryPrimitives.WriteUInt64BigEndian(packet[4..], label);
        sender.Write(packet[12..]);
        BinaryPrimitives.WriteUInt32BigEndian(packet[ChecksumOffset..], Checksum(packet));
    }

    /// <summary>The label of the cluster that a packet says it belongs to; the packet has a whole envelope.</summary>
    internal static ulong LabelIn(ReadOnlySpan<byte> packet) => BinaryPrimitives.ReadUInt64BigEndian(packet[4..]);

    /// <summary>Checks the envelope of a received packet.</summary>
    /// <param name="packet">The whole packet.</param>
    /// <param name="label">The label of this node's cluster.</param>
    /// <param name="sender">Who sent it, as it claims.</param>
    /// <param name="refused">Why it is refused; <see cref="DropReason.None"/> if it is not.</param>
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
        var crc = Crc(uint.MaxValue, packet[..ChecksumOffset]);
        return ~Crc(crc, packet[SizeBytes..]);
    }

    private static uint Crc(uint crc, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (var value in bytes)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return crc;
    }
}
