using Hearsay.Protocols;

namespace Hearsay.Transport;

/// <summary>
/// Moves packets between this node and others: UDP, TCP or memory. Knows nothing of what is in them.
/// </summary>
/// <remarks>
/// Packets to and from one peer may be lost, and over datagrams also doubled or reordered. Nothing here throws after
/// <see cref="Start"/>: what cannot be sent or received is counted. A packet has at least one byte and at most
/// <see cref="MaximumPacketBytes"/>. After disposal has completed nothing is delivered any more; a receiver must not
/// wait for the disposal from within its handler. The same conformance suite runs over all of them.
/// </remarks>
internal interface ITransport : IAsyncDisposable
{
    /// <summary>Whether this carries datagrams or streams.</summary>
    LinkKind Kind { get; }

    /// <summary>The address the transport is bound to, with the port it got.</summary>
    NodeAddress LocalAddress { get; }

    /// <summary>The longest packet it carries, in bytes.</summary>
    int MaximumPacketBytes { get; }

    /// <summary>What it counted.</summary>
    TransportCounters Counters { get; }

    /// <summary>
    /// Whether packets come on a thread of this transport's own, so that nobody else can keep them waiting; known once
    /// it has started.
    /// </summary>
    bool HasOwnThread => false;

    /// <summary>
    /// Tells from now on which streams could be opened and which could not; before the start. Datagrams have none.
    /// </summary>
    void ReportTo(BlockedStreams blocked)
    {
    }

    /// <summary>
    /// Whether packets can be sent to this address: it is usable and of a family the socket speaks.
    /// </summary>
    bool CanReach(in NodeAddress address);

    /// <summary>Starts to hand packets to <paramref name="receiver"/>; once.</summary>
    void Start(IPacketReceiver receiver);

    /// <summary>
    /// Sends a packet without waiting: the bytes are copied or handed to the operating system before it returns.
    /// Safe from any thread.
    /// </summary>
    /// <returns>
    /// False if it was refused (empty, too long, unreachable, queue full): counted, never thrown. True promises
    /// nothing.
    /// </returns>
    bool TrySend(in Link to, ReadOnlySpan<byte> packet);

    /// <summary>
    /// Sends what waits and no more, and waits until the other sides have taken it: before disposal, which drops what
    /// waits. A transport in which nothing waits has nothing to do.
    /// </summary>
    /// <param name="limit">How long at most; a side that does not read is given up then.</param>
    Task DrainAsync(TimeSpan limit) => Task.CompletedTask;
}
