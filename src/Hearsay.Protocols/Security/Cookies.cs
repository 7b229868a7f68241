using System.Buffers.Binary;

namespace Hearsay.Protocols.Security;

/// <summary>
/// What a node asks a stranger to send back: it proves that who sent a record is at the address it came from, and is
/// there now. The node keeps nothing of it, since only the node can make it.
/// <code>
///  0  time     4 bytes   in milliseconds of the node's own clock, modulo 2^32
///  4  number   4 bytes   of the record that was challenged
///  8  hash    16 bytes   of both, the address, and the sender's id and boot
/// </code>
/// </summary>
internal sealed class Cookies
{
    /// <summary>The length of a cookie, in bytes.</summary>
    public const int SizeBytes = HashOffset + HashBytes;

    /// <summary>How long a cookie is taken.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(4);

    private const int HashOffset = 8;
    private const int HashBytes = 16;

    private readonly RecordCipher _cipher;
    private readonly byte[] _secret = GC.AllocateArray<byte>(RecordCipher.KeyBytes, pinned: true);

    /// <summary>Cookies that no other life of this node takes.</summary>
    public Cookies(RecordCipher cipher)
    {
        _cipher = cipher;
        cipher.Fill(_secret);
    }

    /// <summary>Writes the cookie for a record.</summary>
    /// <param name="address">Where the record came from.</param>
    /// <param name="sender">Who sent it.</param>
    /// <param name="boot">Under which boot.</param>
    /// <param name="number">Its number.</param>
    /// <param name="now">The present moment.</param>
    /// <param name="cookie">Receives the cookie.</param>
    public void Write(
        in NodeAddress address, NodeId sender, UInt128 boot, uint number, Instant now, Span<byte> cookie)
    {
        BinaryPrimitives.WriteUInt32BigEndian(cookie, MillisecondsOf(now));
        BinaryPrimitives.WriteUInt32BigEndian(cookie[4..], number);
        Hash(address, sender, boot, cookie[..HashOffset], cookie.Slice(HashOffset, HashBytes));
    }

    /// <summary>Whether a cookie was made for an earlier record of the same sender, boot and address, and lately.
    /// </summary>
    public bool IsTaken(
        ReadOnlySpan<byte> cookie, in NodeAddress address, NodeId sender, UInt128 boot, uint number, Instant now)
    {
        if (cookie.Length != SizeBytes)
        {
            return false;
        }

        var age = MillisecondsOf(now) - BinaryPrimitives.ReadUInt32BigEndian(cookie);
        var challenged = BinaryPrimitives.ReadUInt32BigEndian(cookie[4..]);
        if (age > (uint)Lifetime.TotalMilliseconds || challenged >= number
            || ((challenged ^ number) & RecordFormat.StreamBit) != 0)
        {
            return false;
        }

        Span<byte> expected = stackalloc byte[HashBytes];
        Hash(address, sender, boot, cookie[..HashOffset], expected);
        var difference = 0;
        for (var i = 0; i < HashBytes; i++)
        {
            difference |= expected[i] ^ cookie[HashOffset + i];
        }

        return difference == 0;
    }

    private static uint MillisecondsOf(Instant now) => (uint)(now.Ticks / TimeSpan.TicksPerMillisecond);

    private void Hash(
        in NodeAddress address, NodeId sender, UInt128 boot, ReadOnlySpan<byte> head, Span<byte> hash)
    {
        Span<byte> data = stackalloc byte[HashOffset + 18 + NodeId.SizeBytes + 16];
        head.CopyTo(data);
        BinaryPrimitives.WriteUInt64BigEndian(data[8..], address.HighBits);
        BinaryPrimitives.WriteUInt64BigEndian(data[16..], address.LowBits);
        BinaryPrimitives.WriteUInt16BigEndian(data[24..], address.Port);
        sender.Write(data[26..]);
        BinaryPrimitives.WriteUInt128BigEndian(data[42..], boot);
        _cipher.Hash(_secret, data, hash);
    }
}
