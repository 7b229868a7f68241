using System.Net;
using Hearsay.Transport;

namespace Hearsay.Tests.Transport;

public class UdpIPv6Conformance : TransportConformance
{
    private protected override NodeAddress DeadAddress => NodeAddress.FromIPv6(0, 1, 1);

    private protected override NodeAddress UnreachableAddress => NodeAddress.FromIPv4(0x7F00_0001, 1);

    public override ValueTask InitializeAsync()
    {
        RawSockets.RequireIPv6();
        return ValueTask.CompletedTask;
    }

    private protected override ITransport Create(ushort port) =>
        new UdpTransport(new IPEndPoint(IPAddress.IPv6Loopback, port), Threads);

    /// <summary>A thread for each.</summary>
    private protected virtual ReceiveThreads Threads { get; } = new(int.MaxValue);

    private protected override Task SendRawAsync(NodeAddress to, byte[] bytes) =>
        RawSockets.SendDatagramAsync(to, bytes);
}
