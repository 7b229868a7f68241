using Hearsay.Transport;

namespace Hearsay.Tests.Transport;

public sealed class UdpIPv6OnPoolConformance : UdpIPv6Conformance
{
    private protected override ReceiveThreads Threads { get; } = new(0);
}
