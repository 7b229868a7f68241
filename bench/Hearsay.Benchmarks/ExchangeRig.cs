using Hearsay.Protocols;
using Hearsay.Protocols.Tests;
using Hearsay.Protocols.Wire;

namespace Hearsay.Benchmarks;

/// <summary>
/// Whole nodes that exchange through memory, without sockets, timers or allocation of the rig's own: what an exchange
/// costs in protocol and codec alone.
/// </summary>
internal sealed class ExchangeRig
{
    private const int QueueLength = 64;

    private readonly RigNode[] _nodes;
    private readonly Dictionary<NodeAddress, RigNode> _byAddress = [];
    private readonly byte[][] _packets = new byte[QueueLength][];
    private readonly (RigNode To, NodeAddress From, int Length)[] _queue = new (RigNode, NodeAddress, int)[QueueLength];
    private int _head;
    private int _count;
    private int _next;

    public ExchangeRig(int nodes, PeerSamplingOptions options, int metadataBytes)
    {
        for (var i = 0; i < QueueLength; i++)
        {
            _packets[i] = new byte[Envelope.MaximumDatagramBytes];
        }

        _nodes = new RigNode[nodes];
        for (var i = 0; i < nodes; i++)
        {
            _nodes[i] = new RigNode(this, i, options, metadataBytes);
            _byAddress.Add(_nodes[i].Address, _nodes[i]);
        }

        foreach (var node in _nodes)
        {
            node.Core.Start(Now);
            Drain();
            node.Core.Contact(Now, [_nodes[0].Address]);
            Drain();
        }
    }

    public Instant Now { get; private set; }

    public long Exchanges => _nodes.Sum(node => node.Core.Counters.ExchangesCompleted);

    public NodeCore this[int index] => _nodes[index].Core;

    /// <summary>The next node's cycle with everything that follows from it.</summary>
    public void Exchange()
    {
        Now += TimeSpan.FromSeconds(1.0 / _nodes.Length);
        _nodes[_next].Core.BeginCycle(Now);
        _next = (_next + 1) % _nodes.Length;
        Drain();
    }

    public void Enqueue(RigNode from, in Link to, ReadOnlySpan<byte> packet)
    {
        var place = (_head + _count++) % QueueLength;
        packet.CopyTo(_packets[place]);
        _queue[place] = (_byAddress[to.Address], from.Address, packet.Length);
    }

    private void Drain()
    {
        while (_count > 0)
        {
            var (to, from, length) = _queue[_head];
            var packet = _packets[_head].AsSpan(0, length);
            to.Core.Receive(Now, new Link(from, LinkKind.Datagram), packet);
            _head = (_head + 1) % QueueLength;
            _count--;
        }
    }
}
