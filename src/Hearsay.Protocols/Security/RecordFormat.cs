using System.Buffers.Binary;
using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.Security;

/// <summary>
/// A record: a packet that only the holders of a key can make or read, and only its receiver.
/// <code>
///  0  magic      1 byte   0x48 ('H')
///  1  major      1 byte   as in an open envelope
///  2  minor      1 byte
///  3  flags      1 byte   1 record, 2 for whoever lives at the address, 4 with an echo, 8 the echoed boot is odd
///  4  key hint   2 bytes  which key
///  6  boot      16 bytes  drawn at random by the sender every minute
/// 22  number     4 bytes  counts the sender's records of this boot; the highest bit is set on streams
/// 26  tag       16 bytes
/// 42  sender    16 bytes  encrypted from here on
/// 58  uptime     2 bytes  of the sender, in eighths of a second, modulo 2^16
/// 60  echo       4 bytes  the number of the receiver's latest record that the sender has opened
/// 64  frames
/// </code>
/// The key is derived from that of the cluster and the boot; the nonce is the number. Authenticated with the text:
/// bytes 0 to 25, the label of the cluster (8), the receiver's id (16, zero if it is for whoever lives at the address),
/// and the receiver's boot that the echo belongs to (16, zero without).
/// </summary>
internal static class RecordFormat
{
    /// <summary>The length of everything before the frames, in bytes.</summary>
    public const int HeadBytes = NodeEnvelope.LongestHeadBytes;

    /// <summary>
    /// The shortest datagram, in bytes: that of a challenge, so that each can be answered by one and none by more.
    /// </summary>
    public const int LeastBytes = HeadBytes + Frame.HeaderBytes + Cookies.SizeBytes;

    /// <summary>The flag of every record.</summary>
    public const byte IsRecord = Envelope.RecordFlag;

    /// <summary>The flag of a record that is for whoever lives at the address.</summary>
    public const byte IsForAnyone = 2;

    /// <summary>The flag of a record with an echo.</summary>
    public const byte HasEcho = 4;

    /// <summary>The flag of an echo to a boot whose last bit is set.</summary>
    public const byte EchoIsOdd = 8;

    /// <summary>All flags that this version knows.</summary>
    public const byte KnownFlags = IsRecord | IsForAnyone | HasEcho | EchoIsOdd;

    /// <summary>The bit of a number that marks records on streams.</summary>
    public const uint StreamBit = 0x8000_0000;

    /// <summary>Where the flags are.</summary>
    public const int FlagsOffset = 3;

    /// <summary>Where the tag is, and the end of what is authenticated in clear.</summary>
    public const int TagOffset = 26;

    /// <summary>Where the encrypted part begins.</summary>
    public const int TextOffset = TagOffset + RecordCipher.TagBytes;

    /// <summary>The length of what is encrypted before the frames, in bytes.</summary>
    public const int InnerBytes = HeadBytes - TextOffset;

    /// <summary>The length of what is authenticated and not encrypted, in bytes.</summary>
    public const int DataBytes = TagOffset + sizeof(ulong) + NodeId.SizeBytes + BootBytes;

    private const byte Magic = 0x48;
    private const int HintOffset = 4;
    private const int BootOffset = 6;
    private const int NumberOffset = 22;
    private const int BootBytes = RecordCipher.BootBytes;

    /// <summary>Writes the part in clear.</summary>
    public static void WriteHead(Span<byte> packet, byte flags, ushort hint, UInt128 boot, uint number)
    {
        (packet[0], packet[1], packet[2]) = (Magic, Envelope.MajorVersion, Envelope.MinorVersion);
        packet[FlagsOffset] = flags;
        BinaryPrimitives.WriteUInt16BigEndian(packet[HintOffset..], hint);
        BinaryPrimitives.WriteUInt128BigEndian(packet[BootOffset..], boot);
        BinaryPrimitives.WriteUInt32BigEndian(packet[NumberOffset..], number);
    }

    /// <summary>What can be said of a packet before its tag is checked; <see cref="DropReason.None"/> if nothing.
    /// </summary>
    public static DropReason Check(ReadOnlySpan<byte> packet, LinkKind kind)
    {
        if (packet.Length < Envelope.SizeBytes || packet[0] != Magic)
        {
            return DropReason.Malformed;
        }

        if (packet[1] != Envelope.MajorVersion)
        {
            return DropReason.WrongVersion;
        }

        if ((packet[FlagsOffset] & (IsRecord | Envelope.IdentityFlag)) != IsRecord)
        {
            return DropReason.WrongSecurity;
        }

        var least = kind == LinkKind.Datagram ? LeastBytes : HeadBytes;
        return (packet[FlagsOffset] & ~KnownFlags) != 0 ? DropReason.WrongVersion
            : packet.Length < least ? DropReason.Malformed : DropReason.None;
    }

    /// <summary>Which key a record says it was made with.</summary>
    public static ushort HintOf(ReadOnlySpan<byte> packet) =>
        BinaryPrimitives.ReadUInt16BigEndian(packet[HintOffset..]);

    /// <summary>The sender's boot.</summary>
    public static UInt128 BootOf(ReadOnlySpan<byte> packet) =>
        BinaryPrimitives.ReadUInt128BigEndian(packet[BootOffset..]);

    /// <summary>The number of the record.</summary>
    public static uint NumberOf(ReadOnlySpan<byte> packet) =>
        BinaryPrimitives.ReadUInt32BigEndian(packet[NumberOffset..]);

    /// <summary>The sender's boot, as it is written.</summary>
    public static ReadOnlySpan<byte> BootBytesOf(ReadOnlySpan<byte> packet) => packet.Slice(BootOffset, BootBytes);

    /// <summary>Writes what is authenticated besides the text.</summary>
    public static void WriteData(
        ReadOnlySpan<byte> packet, ulong label, NodeId receiver, UInt128 echoedBoot, Span<byte> data)
    {
        packet[..TagOffset].CopyTo(data);
        BinaryPrimitives.WriteUInt64BigEndian(data[TagOffset..], label);
        receiver.Write(data[(TagOffset + sizeof(ulong))..]);
        BinaryPrimitives.WriteUInt128BigEndian(data[(DataBytes - BootBytes)..], echoedBoot);
    }
}
