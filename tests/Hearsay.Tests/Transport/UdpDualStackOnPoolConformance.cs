using Hearsay.Transport;

namespace Hearsay.Tests.Transport;

public sealed class UdpDualStackOnPoolConformance : UdpDualStackConformance
{
    private protected override ReceiveThreads Threads { get; } = new(0);
}
