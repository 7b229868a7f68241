using Hearsay.Protocols;
using Hearsay.Transport;

namespace Hearsay.Tests.Transport;

public sealed class MemoryStreamConformance : TransportConformance
{
    private readonly MemoryNetwork _network = new();

    private protected override NodeAddress DeadAddress => NodeAddress.FromIPv4(0x7F09_0909, 1);

    private protected override ITransport Create(ushort port) =>
        new MemoryTransport(_network, LinkKind.Stream, NodeAddress.FromIPv4(0x7F00_0001, port));

    private protected override async Task SendRawAsync(NodeAddress to, byte[] bytes)
    {
        // There is no wire: what another node sends is as raw as it gets.
        await using var stranger = new MemoryTransport(_network, LinkKind.Stream, _network.NewAddress());
        stranger.TrySend(new Link(to, LinkKind.Stream), bytes);
    }
}
