using Hearsay.Simulation;

namespace Hearsay.Protocols.Tests;

/// <summary>Nodes in one process that pass packets through preallocated buffers: nothing here allocates.</summary>
internal sealed class LoopDriver
{
    private const int Slots = 256;
    private readonly byte[][] _packets = [.. Enumerable.Range(0, Slots).Select(_ => new byte[1200])];
    private readonly (int Length, int From, int To)[] _queue = new (int, int, int)[Slots];
    private readonly NodeCore[] _nodes;
    private int _head;
    private int _tail;

    /// <summary>Whether nodes have an address of each family, of which only IPv6 leads anywhere.</summary>
    private readonly bool _dual;

    public LoopDriver(
        int nodes,
        PeerSamplingOptions sampling,
        int metadataBytes,
        Func<int, IReadOnlyList<IProtocol>>? protocols = null,
        bool dual = false)
    {
        _dual = dual;
        _nodes = new NodeCore[nodes];
        for (var i = 0; i < nodes; i++)
        {
            var metadata = new byte[metadataBytes];
            metadata.AsSpan().Fill((byte)i);
            _nodes[i] = new NodeCore(
                new NodeCoreOptions
                {
                    Self = new SelfDescription(
                        new NodeId(3, (ulong)i + 1), 1, AddressesOf(i), metadata),
                    Seed = (ulong)i,
                    Sampling = sampling,
                    Protocols = protocols?.Invoke(i) ?? [],
                },
                new Port(this, i));
            _nodes[i].Start(Now);
            _nodes[i].Contact(Now, [ReachedAt(0)]);
            Pump();
        }
    }

    public Instant Now { get; private set; }

    public NodeCore this[int index] => _nodes[index];

    /// <summary>Every node begins a cycle, and all packets are delivered.</summary>
    public void Round()
    {
        Now += TimeSpan.FromMilliseconds(700);
        foreach (var node in _nodes)
        {
            node.BeginCycle(Now);
            Pump();
        }
    }

    /// <summary>Time passes, whatever is due happens, and all packets are delivered.</summary>
    public void Pass(TimeSpan span)
    {
        Now += span;
        foreach (var node in _nodes)
        {
            node.OnDue(Now);
            Pump();
        }
    }

    /// <summary>Time passes in steps; whatever is due happens, and all packets are delivered.</summary>
    public void Advance(TimeSpan span, TimeSpan step)
    {
        for (var end = Now + span; Now < end; Now += step)
        {
            foreach (var node in _nodes)
            {
                if (node.NextDue <= Now)
                {
                    node.OnDue(Now);
                    Pump();
                }
            }
        }
    }

    private NodeAddress ReachedAt(int index) =>
        _dual ? NodeAddress.FromIPv6(0xFD00_0000_0000_0000, (ulong)index + 1, 7000) : VirtualNetwork.AddressOf(index);

    private NodeAddresses AddressesOf(int index) => new(VirtualNetwork.AddressOf(index), ReachedAt(index));

    private void Pump()
    {
        while (_head != _tail)
        {
            var slot = _head++ % Slots;
            var (length, from, to) = _queue[slot];
            var link = new Link(ReachedAt(from), LinkKind.Datagram);
            _nodes[to].Receive(Now, link, _packets[slot].AsSpan(0, length));
        }
    }

    private sealed class Port(LoopDriver network, int index) : INodeDriver
    {
        public bool CanReach(in NodeAddress address) => true;

        public bool Send(in Link to, ReadOnlySpan<byte> packet)
        {
            for (var i = 0; i < network._nodes.Length; i++)
            {
                if (network.ReachedAt(i) == to.Address)
                {
                    var slot = network._tail++ % Slots;
                    packet.CopyTo(network._packets[slot]);
                    network._queue[slot] = (packet.Length, index, i);
                }
            }

            return true;
        }

        public void ResolveContacts()
        {
        }

        public void Notify(in NodeNotice notice)
        {
        }

        public void OnViewChange(in ViewChange change)
        {
        }

        public void Publish(byte protocol, object happened)
        {
        }
    }
}
