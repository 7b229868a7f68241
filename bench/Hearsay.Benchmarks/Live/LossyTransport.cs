using Hearsay.Protocols;
using Hearsay.Transport;

namespace Hearsay.Benchmarks.Live;

/// <summary>Datagrams of which a share never leaves, as on a bad network.</summary>
internal sealed class LossyTransport(ITransport inner, double loss) : ITransport
{
    private long _lost;

    public LinkKind Kind => inner.Kind;

    public NodeAddress LocalAddress => inner.LocalAddress;

    public int MaximumPacketBytes => inner.MaximumPacketBytes;

    public TransportCounters Counters => inner.Counters;

    /// <summary>How many were lost.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    public bool CanReach(in NodeAddress address) => inner.CanReach(address);

    public void Start(IPacketReceiver receiver) => inner.Start(receiver);

    public bool TrySend(in Link to, ReadOnlySpan<byte> packet)
    {
        if (Random.Shared.NextDouble() < loss)
        {
            Interlocked.Increment(ref _lost);
            return true;
        }

        return inner.TrySend(to, packet);
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
