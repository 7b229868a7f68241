using Hearsay.Protocols;
using Hearsay.Protocols.Sampling.Exchange;
using Hearsay.Protocols.Wire;

namespace Hearsay.Simulation.Faults;

/// <summary>Well-formed packets that no node would send.</summary>
internal static class ForgedNews
{
    /// <summary>A push in which a node describes itself with an age just short of the greatest.</summary>
    /// <param name="network">The network.</param>
    /// <param name="nodes">Who is described and who is told.</param>
    public static void SendAntique(VirtualNetwork network, IReadOnlyList<int> nodes)
    {
        if (nodes.Count < 2 || nodes.Any(index => index >= network.Nodes.Count || !network.Nodes[index].IsUp))
        {
            return;
        }

        var (about, told) = (network.Nodes[nodes[0]], network.Nodes[nodes[1]]);
        var self = about.Core.Self;
        Span<byte> packet = stackalloc byte[Envelope.MaximumDatagramBytes];
        var writer = new WireWriter(packet);
        writer.WriteZeros(Envelope.SizeBytes);
        var start = Frame.Begin(ref writer, SamplingMessage.Protocol, SamplingMessage.Request);
        var nonce = SeededRandom.Mix((ulong)network.Now.Ticks ^ ((ulong)about.Index << 50));
        new ExchangeRequest(nonce, told.Core.Self.Id, ExchangeMode.Push | ExchangeMode.Pull, 1).Write(ref writer);
        new Descriptor(
            self.Id, self.Incarnation, ushort.MaxValue - 1, self.Addresses, MetadataPresence.None, default)
            .Write(ref writer);
        Frame.End(ref writer, start);

        // Too short for a whole answer, which must be cut then.
        Frame.Pad(ref writer, 160);
        Envelope.Seal(writer.Written, told.Core.State.Label, self.Id);
        network.Inject(told, new Link(about.Address, LinkKind.Datagram), writer.Written);
    }
}
