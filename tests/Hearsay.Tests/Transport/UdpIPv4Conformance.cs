using System.Net;
using Hearsay.Transport;

namespace Hearsay.Tests.Transport;

public class UdpIPv4Conformance : TransportConformance
{
    private protected override NodeAddress DeadAddress => NodeAddress.FromIPv4(0x7F00_0001, 1);

    private protected override NodeAddress UnreachableAddress => NodeAddress.FromIPv6(0, 1, 1);

    private protected override ITransport Create(ushort port) =>
        new UdpTransport(new IPEndPoint(IPAddress.Loopback, port), Threads);

    /// <summary>A thread for each.</summary>
    private protected virtual ReceiveThreads Threads { get; } = new(int.MaxValue);

    private protected override Task SendRawAsync(NodeAddress to, byte[] bytes) =>
        RawSockets.SendDatagramAsync(to, bytes);
}
