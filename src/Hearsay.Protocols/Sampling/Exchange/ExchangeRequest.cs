using System.Runtime.InteropServices;

namespace Hearsay.Protocols.Sampling.Exchange;

/// <summary>
/// The head of a request. Descriptors follow it, the sender's own first. Immutable.
/// <code>
///  nonce     8 bytes   random, comes back in the reply
///  expected 16 bytes   who is meant to be at this address; zero for anybody
///  mode      1 byte    <see cref="ExchangeMode"/>
///  count     1 byte    descriptors that follow
/// </code>
/// A request over datagrams is padded to the length the reply is expected to have, because no reply is longer.
/// </summary>
/// <param name="Nonce">A random number, which comes back in the reply.</param>
/// <param name="Expected">The id of the node that should be at the address; none for any node.</param>
/// <param name="Mode">What the sender wants.</param>
/// <param name="Count">The number of descriptors that follow.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ExchangeRequest(ulong Nonce, NodeId Expected, ExchangeMode Mode, byte Count)
{
    /// <summary>The length, in bytes.</summary>
    public const int SizeBytes = 26;

    /// <summary>Writes the head. If it does not fit, the writer fails.</summary>
    public void Write(ref WireWriter writer)
    {
        writer.WriteUInt64(Nonce);
        writer.WriteNodeId(Expected);
        writer.WriteByte((byte)Mode);
        writer.WriteByte(Count);
    }

    /// <summary>Reads a head. If it is cut off, the reader fails.</summary>
    public static ExchangeRequest Read(ref WireReader reader) =>
        new(reader.ReadUInt64(), reader.ReadNodeId(), (ExchangeMode)reader.ReadByte(), reader.ReadByte());
}
