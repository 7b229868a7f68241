namespace Hearsay.Transport;

/// <summary>The bounds of a <see cref="TcpTransport"/>; tests make them small.</summary>
internal sealed record TcpTransportOptions
{
    /// <summary>The options every node runs with.</summary>
    public static TcpTransportOptions Default { get; } = new();

    /// <summary>
    /// Connections accepted at once. A node talks to few peers at a time over streams; the bound is for strangers.
    /// </summary>
    public int MaximumInbound { get; init; } = 32;

    /// <summary>Connections opened and kept at once; beyond that the longest idle one makes room.</summary>
    public int MaximumOutbound { get; init; } = 32;

    /// <summary>
    /// Packets waiting on one connection, the one being written included: what a healthy peer reads in a moment.
    /// </summary>
    public int QueuePackets { get; init; } = 64;

    /// <summary>
    /// Their bytes, headers included: 32 packets of the longest kind, so a slow peer holds 2 MiB and no more. A
    /// neighbour is sent a megabyte of a large message unasked.
    /// </summary>
    public int QueueBytes { get; init; } = 32 * (FrameBuffer.HeaderBytes + TcpTransport.LongestPacketBytes);

    /// <summary>
    /// How long a connection may take to be established: three lost SYN packets would take 7 s and are hopeless.
    /// </summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long one frame may take, from its first byte to its last, to be read or written; also how long an accepted
    /// connection has for its first frame, since nobody connects without something to say. 64 KiB in 5 s is 13 KB/s.
    /// </summary>
    public TimeSpan FrameTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long an opened connection is kept without traffic.</summary>
    public TimeSpan OutboundIdleTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The same for accepted ones. Longer, so that the side that opened a connection closes it, and never sends into
    /// one that the other side is just closing.
    /// </summary>
    public TimeSpan InboundIdleTimeout { get; init; } = TimeSpan.FromSeconds(60);
}
