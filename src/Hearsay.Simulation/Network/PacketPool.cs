using Hearsay.Protocols;
using Hearsay.Protocols.Wire;

namespace Hearsay.Simulation.Network;

/// <summary>
/// The packets on their way, each in a buffer that is used again: a network in steady state allocates nothing.
/// </summary>
internal sealed class PacketPool
{
    private VirtualPacket[] _packets = new VirtualPacket[256];
    private int[] _free = new int[256];
    private int _freeCount;
    private int _used;

    /// <summary>A packet on its way.</summary>
    public VirtualPacket this[int index] => _packets[index];

    /// <summary>Copies a packet into a buffer.</summary>
    /// <returns>Its place, to be given back with <see cref="Free"/>.</returns>
    public int Take(in Link link, ReadOnlySpan<byte> bytes)
    {
        var index = _freeCount > 0 ? _free[--_freeCount] : New();
        var packet = _packets[index];
        if (packet.Buffer.Length < bytes.Length)
        {
            packet.Buffer = new byte[NodeEnvelope.LongestStreamBytes];
        }

        bytes.CopyTo(packet.Buffer);
        (packet.Length, packet.Link) = (bytes.Length, link);
        return index;
    }

    /// <summary>The packet has arrived or was lost.</summary>
    public void Free(int index)
    {
        if (_packets[index].Buffer.Length > NodeEnvelope.LongestDatagramBytes)
        {
            // Stream messages are rare, and a pool in which every buffer has grown to one costs a gigabyte.
            _packets[index].Buffer = new byte[NodeEnvelope.LongestDatagramBytes];
        }

        _free[_freeCount++] = index;
    }

    private int New()
    {
        if (_used == _packets.Length)
        {
            Array.Resize(ref _packets, 2 * _used);
            Array.Resize(ref _free, 2 * _used);
        }

        _packets[_used] = new VirtualPacket();
        return _used++;
    }
}
