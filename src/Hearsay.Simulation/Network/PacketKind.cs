using Hearsay.Protocols;
using Hearsay.Protocols.Security;
using Hearsay.Protocols.Security.Identity;
using Hearsay.Protocols.Wire;

namespace Hearsay.Simulation.Network;

/// <summary>What a packet carries, as one number: the protocol byte times 32, plus the type of the frame.</summary>
internal static class PacketKind
{
    /// <summary>The kind of a packet that a node has just sent.</summary>
    public static int Of(VirtualNode node, ReadOnlySpan<byte> packet) =>
        node.Core.State.Envelope switch
        {
            RecordEnvelope { Security.Cipher: GlassCipher glass } =>
                OfFrames(glass.Last[Math.Min(glass.Last.Length, RecordFormat.InnerBytes)..]),
            IdentityEnvelope { Security.Cipher: GlassCipher glass } =>
                SessionFormat.IsGreeting(packet) ? 0 : OfFrames(glass.Last),
            _ => Of(packet),
        };

    /// <summary>The kind of a packet that is not sealed.</summary>
    public static int Of(ReadOnlySpan<byte> packet) =>
        OfFrames(packet[Math.Min(packet.Length, Envelope.SizeBytes)..]);

    /// <summary>The first frame that is not the node's own says what a packet is.</summary>
    private static int OfFrames(ReadOnlySpan<byte> frames)
    {
        var reader = new WireReader(frames);
        var kind = 0;
        while (Frame.TryRead(ref reader, out var protocol, out var type, out _))
        {
            if (protocol != Frame.Node)
            {
                return (protocol * 32) + type;
            }

            kind = Math.Max(kind, type);
        }

        return kind;
    }
}
