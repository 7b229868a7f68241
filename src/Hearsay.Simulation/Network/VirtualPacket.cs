using Hearsay.Protocols;
using Hearsay.Protocols.Wire;

namespace Hearsay.Simulation.Network;

/// <summary>A packet on its way.</summary>
internal sealed class VirtualPacket
{
    /// <summary>Room for its bytes.</summary>
    public byte[] Buffer { get; set; } = new byte[NodeEnvelope.LongestDatagramBytes];

    /// <summary>How many there are.</summary>
    public int Length { get; set; }

    /// <summary>Where it comes from, as the receiver sees it.</summary>
    public Link Link { get; set; }

    /// <summary>Its bytes.</summary>
    public Span<byte> Bytes => Buffer.AsSpan(0, Length);
}
