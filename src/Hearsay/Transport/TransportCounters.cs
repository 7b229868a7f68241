using Hearsay.Protocols;

namespace Hearsay.Transport;

/// <summary>
/// What a transport counts; fields only grow unless they say otherwise, written with interlocked operations or by one
/// thread.
/// </summary>
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

    /// <summary>Packets on which the receiver threw; it must not, and a transport survives it all the same.</summary>
    public long ReceiverFaults;

    /// <summary>Bytes that wait for connections which do not take them yet. This one goes up and down.</summary>
    public long WaitingBytes;

    /// <summary>Counts a packet handed to the operating system.</summary>
    public void CountSent(int bytes)
    {
        Interlocked.Increment(ref PacketsSent);
        Interlocked.Add(ref BytesSent, bytes);
    }

    /// <summary>Counts a send that was against the rules.</summary>
    /// <returns>False, so that a sender returns it.</returns>
    public bool RefuseSend()
    {
        Interlocked.Increment(ref SendsRefused);
        return false;
    }

    /// <summary>Counts a send that did not succeed.</summary>
    /// <returns>False, so that a sender returns it.</returns>
    public bool FailSend()
    {
        Interlocked.Increment(ref SendsFailed);
        return false;
    }

    /// <summary>Hands a packet to the receiver, counts it, and survives a receiver that throws.</summary>
    public void Deliver(IPacketReceiver receiver, in Link from, ReadOnlySpan<byte> packet)
    {
        Interlocked.Increment(ref PacketsReceived);
        Interlocked.Add(ref BytesReceived, packet.Length);
        try
        {
            receiver.OnPacket(from, packet);
        }
        catch (Exception)
        {
            // A receive loop that ends here would make the node deaf for good; the count tells that there is a bug.
            Interlocked.Increment(ref ReceiverFaults);
        }
    }
}
