using System.Runtime.InteropServices;

namespace Hearsay.Protocols;

/// <summary>
/// The head of a request; descriptors follow it, the sender's own first.
/// <code>
///  nonce     8 bytes   random, comes back in the reply
///  expected 16 bytes   who is meant to be at this address; zero for anybody
///  mode      1 byte    <see cref="ExchangeMode"/>
///  count     1 byte    descriptors that follow
/// </code>
/// A request over datagrams is padded to the length the reply is expected to have, because no reply is longer.
/// </summary>
/// <param name="Nonce">Random.</param>
/// <param name="Expected">Who is meant.</param>
/// <param name="Mode">What the sender wants.</param>
/// <param name="Count">Descriptors that follow.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ExchangeRequest(ulong Nonce, NodeId Expected, ExchangeMode Mode, byte Count)
{
    /// <summary>Its bytes.</summary>
    public const int SizeBytes = 26;

    /// <summary>Writes it.</summary>
    public void Write(ref WireWriter writer)
    {
        writer.WriteUInt64(Nonce);
        writer.WriteNodeId(Expected);
        writer.WriteByte((byte)Mode);
        writer.WriteByte(Count);
    }

    /// <summary>Reads it; whether that worked is in the reader.</summary>
    public static ExchangeRequest Read(ref WireReader reader) =>
        new(reader.ReadUInt64(), reader.ReadNodeId(), (ExchangeMode)reader.ReadByte(), reader.ReadByte());
}
