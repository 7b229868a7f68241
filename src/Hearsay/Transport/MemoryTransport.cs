using System.Buffers;
using Hearsay.Protocols;

namespace Hearsay.Transport;

/// <summary>One end of a <see cref="MemoryNetwork"/>: packets without sockets.</summary>
/// <remarks>
/// Answers go to the sender's address, so links carry no connection number. <see cref="TrySend"/> is safe from any
/// thread; packets are delivered one after the other on the thread pool.
/// </remarks>
internal sealed class MemoryTransport : ITransport, IThreadPoolWorkItem
{
    /// <summary>Packets that wait for the receiver; a kernel's buffer of 1 MiB holds about as many.</summary>
    public const int InboxPackets = 1024;

    private readonly MemoryNetwork _network;
    private readonly Queue<(Link From, ArraySegment<byte> Packet)> _inbox = [];
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IPacketReceiver? _receiver;
    private bool _pumping;
    private bool _disposed;

    /// <summary>Attaches to a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="kind">What is carried; a node has one transport of each kind on one address.</param>
    /// <param name="local">The address; port 0 takes one that is free for both kinds.</param>
    /// <exception cref="IOException">The address is taken for that kind.</exception>
    public MemoryTransport(MemoryNetwork network, LinkKind kind, in NodeAddress local)
    {
        ArgumentNullException.ThrowIfNull(network);
        (_network, Kind) = (network, kind);
        LocalAddress = network.Attach(this, local);
    }

    /// <inheritdoc/>
    public LinkKind Kind { get; }

    /// <inheritdoc/>
    public NodeAddress LocalAddress { get; }

    /// <inheritdoc/>
    public int MaximumPacketBytes =>
        Kind == LinkKind.Datagram ? UdpTransport.LongestPacketBytes : TcpTransport.LongestPacketBytes;

    /// <inheritdoc/>
    public TransportCounters Counters { get; } = new();

    /// <inheritdoc/>
    public bool CanReach(in NodeAddress address) => address.IsUsable;

    /// <inheritdoc/>
    public void Start(IPacketReceiver receiver)
    {
        ArgumentNullException.ThrowIfNull(receiver);
        lock (_gate)
        {
            if (_receiver is not null || _disposed)
            {
                throw new InvalidOperationException("The transport has been started or disposed before.");
            }

            _receiver = receiver;
            Pump();
        }
    }

    /// <inheritdoc/>
    public bool TrySend(in Link to, ReadOnlySpan<byte> packet)
    {
        if (packet.IsEmpty || packet.Length > MaximumPacketBytes || !CanReach(to.Address))
        {
            return Counters.RefuseSend();
        }

        if (Volatile.Read(ref _disposed))
        {
            return Counters.FailSend();
        }

        var arrived = _network.Route(this, to.Address) is { } target && target.TryPut(LocalAddress, packet);
        if (!arrived && Kind == LinkKind.Stream)
        {
            return Counters.FailSend();
        }

        // A datagram that is lost has been sent all the same.
        Counters.CountSent(packet.Length);
        return true;
    }

    /// <summary>Delivers until nothing waits: the thread pool calls this.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        while (TryTake(out var from, out var packet))
        {
            Counters.Deliver(_receiver!, from, packet);
            ArrayPool<byte>.Shared.Return(packet.Array!);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _network.Detach(this);
        lock (_gate)
        {
            _disposed = true;
            while (_inbox.TryDequeue(out var waiting))
            {
                ArrayPool<byte>.Shared.Return(waiting.Packet.Array!);
            }

            if (!_pumping)
            {
                _idle.TrySetResult();
            }
        }

        await _idle.Task.ConfigureAwait(false);
    }

    private bool TryPut(in NodeAddress from, ReadOnlySpan<byte> packet)
    {
        lock (_gate)
        {
            if (_disposed || _inbox.Count >= InboxPackets)
            {
                Interlocked.Increment(ref Counters.ReceivesFailed);
                return false;
            }

            var copy = ArrayPool<byte>.Shared.Rent(packet.Length);
            packet.CopyTo(copy);
            _inbox.Enqueue((new Link(from, Kind), new ArraySegment<byte>(copy, 0, packet.Length)));
            Pump();
            return true;
        }
    }

    private bool TryTake(out Link from, out ArraySegment<byte> packet)
    {
        lock (_gate)
        {
            var any = _inbox.TryDequeue(out var next);
            (from, packet) = next;
            if (!any)
            {
                _pumping = false;
                if (_disposed)
                {
                    _idle.TrySetResult();
                }
            }

            return any;
        }
    }

    private void Pump()
    {
        if (!_pumping && _receiver is not null && _inbox.Count > 0)
        {
            _pumping = true;
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }
}
