using Hearsay.Transport;

namespace Hearsay.Tests.Transport;

public sealed class UdpIPv4OnPoolConformance : UdpIPv4Conformance
{
    private protected override ReceiveThreads Threads { get; } = new(0);
}
