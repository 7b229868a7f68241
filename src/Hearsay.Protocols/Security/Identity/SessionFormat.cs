using System.Buffers.Binary;
using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.Security.Identity;

/// <summary>
/// The packets of mode identity. A packet of a session:
/// <code>
///  0  magic      1 byte   0x48 ('H')
///  1  major      1 byte   as in an open envelope
///  2  minor      1 byte
///  3  flags      1 byte   17: a record of mode identity
///  4  session    4 bytes  the receiver's number of the session
///  8  number     4 bytes  counts the sender's packets of the session; the highest bit is set on streams
/// 12  uptime     2 bytes  of the sender, in eighths of a second, modulo 2^16
/// 14  zero       2 bytes
/// 16  tag       16 bytes
/// 32  frames              encrypted
/// </code>
/// The nonce is the number. Bytes 0 to 15 are authenticated with the frames. The keys are those of the handshake, which
/// binds the label of the cluster and both ids. A packet before a session:
/// <code>
///  0  magic      1 byte   0x48 ('H')
///  1  major      1 byte
///  2  minor      1 byte
///  3  flags      1 byte   49: goes before a session
///  4  boot      16 bytes  random
/// 20  number     8 bytes  random
/// 28  tag       16 bytes
/// 44  type       1 byte   encrypted from here on, with a key that is derived from the public admission key
/// 45  body
/// </code>
/// The key is derived from that one and the boot, as for a record; the nonce is the number. Authenticated with it:
/// bytes 0 to 3 and the label of the cluster.
/// </summary>
internal static class SessionFormat
{
    /// <summary>The length of everything before the frames of a session's packet, in bytes.</summary>
    public const int HeadBytes = Envelope.SizeBytes;

    /// <summary>The shortest packet of a session, in bytes: as long as the answer of who does not know it.</summary>
    public const int LeastBytes = 64;

    /// <summary>The length of a greeting, in bytes: at least as long as its answer.</summary>
    public const int HelloBytes = 128;

    /// <summary>The length of either message of a handshake, in bytes: so one never draws more than it has.</summary>
    public const int HandshakeBytes = 768;

    /// <summary>The flags of a packet of a session.</summary>
    public const byte SessionFlags = Envelope.RecordFlag | Envelope.IdentityFlag;

    /// <summary>The flags of a packet before a session.</summary>
    public const byte GreetingFlags = SessionFlags | 32;

    /// <summary>Where the flags are.</summary>
    public const int FlagsOffset = 3;

    /// <summary>What of a session's packet is authenticated in clear, and where the tag is.</summary>
    public const int TagOffset = 16;

    /// <summary>Where the body of a packet before a session begins.</summary>
    public const int BodyOffset = TypeOffset + 1;

    private const byte Magic = 0x48;
    private const int SessionOffset = 4;
    private const int NumberOffset = 8;
    private const int ClockOffset = 12;
    private const int BootOffset = 4;
    private const int GreetingNumberOffset = BootOffset + RecordCipher.BootBytes;
    private const int GreetingTagOffset = GreetingNumberOffset + sizeof(ulong);
    private const int TypeOffset = GreetingTagOffset + RecordCipher.TagBytes;
    private const int GreetingDataBytes = BootOffset + sizeof(ulong);

    /// <summary>What can be said of a packet before its tag is checked; <see cref="DropReason.None"/> if nothing.
    /// </summary>
    public static DropReason Check(ReadOnlySpan<byte> packet, LinkKind kind)
    {
        if (packet.Length < HeadBytes || packet[0] != Magic)
        {
            return DropReason.Malformed;
        }

        if (packet[1] != Envelope.MajorVersion)
        {
            return DropReason.WrongVersion;
        }

        return packet[FlagsOffset] switch
        {
            SessionFlags => kind == LinkKind.Datagram && packet.Length < LeastBytes
                ? DropReason.Malformed : DropReason.None,
            GreetingFlags => packet.Length <= BodyOffset ? DropReason.Malformed : DropReason.None,
            var flags => (flags & SessionFlags) == SessionFlags ? DropReason.WrongVersion : DropReason.WrongSecurity,
        };
    }

    /// <summary>Whether a packet goes before a session.</summary>
    public static bool IsGreeting(ReadOnlySpan<byte> packet) => packet[FlagsOffset] == GreetingFlags;

    /// <summary>Writes the part in clear of a session's packet.</summary>
    public static void WriteHead(Span<byte> packet, uint session, uint number, ushort clock)
    {
        WriteStart(packet, SessionFlags);
        BinaryPrimitives.WriteUInt32BigEndian(packet[SessionOffset..], session);
        BinaryPrimitives.WriteUInt32BigEndian(packet[NumberOffset..], number);
        BinaryPrimitives.WriteUInt32BigEndian(packet[ClockOffset..], (uint)clock << 16);
    }

    /// <summary>The receiver's number of the session.</summary>
    public static uint SessionOf(ReadOnlySpan<byte> packet) =>
        BinaryPrimitives.ReadUInt32BigEndian(packet[SessionOffset..]);

    /// <summary>The number of the packet.</summary>
    public static uint NumberOf(ReadOnlySpan<byte> packet) =>
        BinaryPrimitives.ReadUInt32BigEndian(packet[NumberOffset..]);

    /// <summary>The sender's clock.</summary>
    public static ushort ClockOf(ReadOnlySpan<byte> packet) =>
        BinaryPrimitives.ReadUInt16BigEndian(packet[ClockOffset..]);

    /// <summary>Seals a packet that goes before a session.</summary>
    /// <param name="security">The keys.</param>
    /// <param name="label">The label of the cluster.</param>
    /// <param name="packet">Its body written.</param>
    /// <param name="type">Its type.</param>
    public static void SealGreeting(IdentitySecurity security, ulong label, Span<byte> packet, GreetingType type)
    {
        WriteStart(packet, GreetingFlags);
        packet[TypeOffset] = (byte)type;
        Span<byte> data = stackalloc byte[GreetingDataBytes];
        WriteData(packet, label, data);
        security.Cipher.Fill(packet[BootOffset..GreetingTagOffset]);
        Span<byte> key = stackalloc byte[RecordCipher.KeyBytes];
        security.Cipher.Derive(security.Filter, packet[BootOffset..GreetingNumberOffset], key);
        security.Cipher.Seal(
            key, GreetingNumberOf(packet), data, packet[TypeOffset..],
            packet.Slice(GreetingTagOffset, RecordCipher.TagBytes));
    }

    /// <summary>Opens a packet that goes before a session.</summary>
    /// <param name="security">The keys.</param>
    /// <param name="label">The label of the cluster.</param>
    /// <param name="packet">The packet, checked with <see cref="Check"/>.</param>
    /// <param name="room">Receives its type and body.</param>
    /// <returns>The length of type and body; 0 if the tag does not hold.</returns>
    public static int OpenGreeting(
        IdentitySecurity security, ulong label, ReadOnlySpan<byte> packet, Span<byte> room)
    {
        var length = packet.Length - TypeOffset;
        Span<byte> data = stackalloc byte[GreetingDataBytes];
        WriteData(packet, label, data);
        Span<byte> key = stackalloc byte[RecordCipher.KeyBytes];
        security.Cipher.Derive(security.Filter, packet[BootOffset..GreetingNumberOffset], key);
        return length <= room.Length && security.Cipher.TryOpen(
            key, GreetingNumberOf(packet), data, packet[TypeOffset..],
            packet.Slice(GreetingTagOffset, RecordCipher.TagBytes), room[..length]) ? length : 0;
    }

    private static ulong GreetingNumberOf(ReadOnlySpan<byte> packet) =>
        BinaryPrimitives.ReadUInt64BigEndian(packet[GreetingNumberOffset..]);

    private static void WriteStart(Span<byte> packet, byte flags) =>
        (packet[0], packet[1], packet[2], packet[FlagsOffset]) =
            (Magic, Envelope.MajorVersion, Envelope.MinorVersion, flags);

    private static void WriteData(ReadOnlySpan<byte> packet, ulong label, Span<byte> data)
    {
        packet[..BootOffset].CopyTo(data);
        BinaryPrimitives.WriteUInt64BigEndian(data[BootOffset..], label);
    }
}
