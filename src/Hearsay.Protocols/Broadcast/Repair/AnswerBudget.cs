namespace Hearsay.Protocols.Broadcast.Repair;

/// <summary>
/// What may be sent in answer to one packet: one request of each kind is heard, and the answers together take no more
/// bytes than the queue of a stream, which would drop the rest.
/// </summary>
internal sealed class AnswerBudget
{
    /// <summary>The most bytes of answers to one packet.</summary>
    public const int BytesPerPacket = 2 << 20;

    private long _packet = -1;
    private uint _kinds;
    private int _bytesLeft;

    /// <summary>A request came.</summary>
    /// <param name="packet">The number of its packet.</param>
    /// <param name="kind">Its kind, from 0 to 31.</param>
    /// <returns>False if the packet had one of this kind before.</returns>
    public bool TryBegin(long packet, byte kind)
    {
        if (packet != _packet)
        {
            (_packet, _kinds, _bytesLeft) = (packet, 0, BytesPerPacket);
        }

        var isFirst = (_kinds & (1u << kind)) == 0;
        _kinds |= 1u << kind;
        return isFirst;
    }

    /// <summary>Whether so many bytes more may be sent in answer to this packet.</summary>
    public bool Allows(int bytes) => bytes <= _bytesLeft;

    /// <summary>They are sent.</summary>
    public void Take(int bytes) => _bytesLeft -= bytes;
}
