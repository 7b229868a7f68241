namespace Hearsay.Transport;

/// <summary>What a transport counts; fields only grow, written with interlocked operations or by one thread.</summary>
internal sealed class TransportCounters
{
    /// <summary>Packets handed to the operating system.</summary>
    public long PacketsSent;

    /// <summary>Their bytes.</summary>
    public long BytesSent;

    /// <summary>Packets handed to the receiver.</summary>
    public long PacketsReceived;

    /// <summary>Their bytes.</summary>
    public long BytesReceived;

    /// <summary>
    /// Packets not sent because they were too long or the address is of a family the socket does not speak.
    /// </summary>
    public long SendsRefused;

    /// <summary>
    /// Packets not sent because a queue or buffer was full, or the operating system reported an error.
    /// </summary>
    public long SendsFailed;

    /// <summary>Packets received that were too long or broke the framing.</summary>
    public long ReceivesRefused;

    /// <summary>Errors the operating system reported on receiving.</summary>
    public long ReceivesFailed;

    /// <summary>Connections closed or refused because a bound was reached or a peer was too slow.</summary>
    public long ConnectionsRefused;
}
