using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.Node.Contracts;

/// <summary>
/// Memory that a node needs only while it handles an input; nothing in it outlives the call. Nodes that one thread runs
/// may share one, if their driver has copied a packet before it hands anything to another of them: it then stays in the
/// processor's cache, where those of thousands of nodes would not.
/// </summary>
internal sealed class NodeWorkspace
{
    private readonly byte[] _answer = new byte[NodeEnvelope.LongestDatagramBytes];
    private byte[] _packet = new byte[NodeEnvelope.LongestDatagramBytes];

    /// <summary>A datagram to write frames into, behind room for the envelope.</summary>
    public Span<byte> Packet => _packet.AsSpan(0, NodeEnvelope.LongestDatagramBytes);

    /// <summary>A datagram in which the answers to an input are gathered until it was handled.</summary>
    public Span<byte> Answer => _answer;

    /// <summary>A larger packet, for streams; kept from then on.</summary>
    public Span<byte> LargePacket
    {
        get
        {
            if (_packet.Length < NodeEnvelope.LongestStreamBytes)
            {
                _packet = new byte[NodeEnvelope.LongestStreamBytes];
            }

            return _packet;
        }
    }

    /// <summary>What a message brought, between admission and merge.</summary>
    public uint[] Received { get; private set; } = [];

    /// <summary>Their ages.</summary>
    public ushort[] ReceivedAges { get; private set; } = [];

    /// <summary>What <c>prepare</c> chose for the message being written.</summary>
    public uint[] Prepared { get; private set; } = [];

    /// <summary>Their ages.</summary>
    public ushort[] PreparedAges { get; private set; } = [];

    /// <summary>From now on there is room for exchanges of so many descriptors.</summary>
    public void MakeRoom(int descriptors)
    {
        if (Received.Length < descriptors)
        {
            (Received, ReceivedAges) = (new uint[descriptors], new ushort[descriptors]);
            (Prepared, PreparedAges) = (new uint[descriptors], new ushort[descriptors]);
        }
    }
}
