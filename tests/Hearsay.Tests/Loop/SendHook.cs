using Hearsay.Protocols;
using Hearsay.Protocols.Wire;
using Hearsay.Transport;

namespace Hearsay.Tests.Loop;

/// <summary>A transport that carries nothing and tells when it is asked to.</summary>
internal sealed class SendHook : ITransport, IDisposable
{
    public static readonly NodeAddress Peer = NodeAddress.FromIPv4(0x0A00_0002, 7000);

    public Action OnSend { get; set; } = static () => { };

    public LinkKind Kind => LinkKind.Datagram;

    public NodeAddress LocalAddress => NodeAddress.FromIPv4(0x0A00_0001, 7000);

    public int MaximumPacketBytes => Envelope.MaximumDatagramBytes;

    public TransportCounters Counters { get; } = new();

    public bool CanReach(in NodeAddress address) => true;

    public void Start(IPacketReceiver receiver)
    {
    }

    public bool TrySend(in Link to, ReadOnlySpan<byte> packet)
    {
        OnSend();
        return true;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public void Dispose()
    {
    }
}
