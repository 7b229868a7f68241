using System.Runtime.InteropServices;

namespace Hearsay.Protocols.Sampling.Exchange;

/// <summary>
/// The head of a reply. Descriptors follow it, the sender's own first (Cyclon's answer has none of its own). Immutable.
/// <code>
///  nonce     8 bytes   of the request
///  flags     1 byte    1: another node than the expected one answers; only its own descriptor follows
///  seen     18 bytes   the requester's address as it appears here: IPv6 or IPv4-mapped, then the port
///  count     1 byte    descriptors that follow
/// </code>
/// </summary>
/// <param name="Nonce">The nonce of the request.</param>
/// <param name="WrongTarget">Whether another node than the expected one answers.</param>
/// <param name="Seen">The address of the requester, as the replying node sees it.</param>
/// <param name="Count">The number of descriptors that follow.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ExchangeReply(ulong Nonce, bool WrongTarget, NodeAddress Seen, byte Count)
{
    /// <summary>The length, in bytes.</summary>
    public const int SizeBytes = 28;

    /// <summary>Writes the head. If it does not fit, the writer fails.</summary>
    public void Write(ref WireWriter writer)
    {
        writer.WriteUInt64(Nonce);
        writer.WriteByte(WrongTarget ? (byte)1 : (byte)0);
        writer.WriteUInt64(Seen.HighBits);
        writer.WriteUInt64(Seen.LowBits);
        writer.WriteUInt16(Seen.Port);
        writer.WriteByte(Count);
    }

    /// <summary>Reads a head. If it is cut off, the reader fails.</summary>
    public static ExchangeReply Read(ref WireReader reader)
    {
        var nonce = reader.ReadUInt64();
        var wrongTarget = (reader.ReadByte() & 1) != 0;
        var seen = NodeAddress.FromIPv6(reader.ReadUInt64(), reader.ReadUInt64(), reader.ReadUInt16());
        return new ExchangeReply(nonce, wrongTarget, seen, reader.ReadByte());
    }
}
