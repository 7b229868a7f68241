using System.Net;
using System.Net.Sockets;
using Hearsay.Protocols;
using Hearsay.Protocols.Security;
using Hearsay.Protocols.Security.Identity;
using Hearsay.Protocols.Tests;

namespace Hearsay.Benchmarks.Security;

/// <summary>
/// Whole nodes that exchange views over UDP sockets of this machine, one step at a time on one thread: what an exchange
/// costs with its system calls, and without waking anybody.
/// </summary>
internal sealed class SocketRig : IDisposable
{
    private readonly SocketNode[] _nodes;
    private readonly Dictionary<NodeAddress, SocketNode> _byAddress = [];
    private readonly Queue<SocketNode> _due = new();
    private readonly byte[] _buffer = new byte[2048];
    private readonly SocketAddress _source = new IPEndPoint(IPAddress.Any, 0).Serialize();
    private int _next;

    public SocketRig(int nodes, NodeSecurity? security, Func<int, IdentitySecurity>? identities = null)
    {
        _nodes = [.. Enumerable.Range(0, nodes).Select(i => new SocketNode(this, i, security, identities?.Invoke(i)))];
        foreach (var node in _nodes)
        {
            _byAddress.Add(node.Address, node);
        }

        foreach (var node in _nodes)
        {
            node.Core.Start(Now);
            node.Core.Contact(Now, [_nodes[0].Address]);
            Drain();
        }
    }

    public Instant Now { get; private set; } = new(TimeSpan.TicksPerHour);

    public long Exchanges => _nodes.Sum(node => node.Core.Counters.ExchangesCompleted);

    public long Packets => _nodes.Sum(node => node.Core.Counters.PacketsSent);

    public long Bytes => _nodes.Sum(node => node.Core.Counters.BytesSent);

    public long Challenges => _nodes.Sum(node => node.Core.Counters.Challenges);

    /// <summary>The next node's cycle with everything that follows from it.</summary>
    public void Exchange(TimeSpan after)
    {
        Now += after;
        _nodes[_next].Core.BeginCycle(Now);
        _next = (_next + 1) % _nodes.Length;
        Drain();
    }

    public void Dispose() => Array.ForEach(_nodes, node => node.Socket.Dispose());

    private void Drain()
    {
        while (_due.TryDequeue(out var node))
        {
            var length = node.Socket.ReceiveFrom(_buffer, SocketFlags.None, _source);
            var port = (ushort)((_source[2] << 8) | _source[3]);
            var from = NodeAddress.FromIPv4(0x7F00_0001, port);
            node.Core.Receive(Now, new Link(from, LinkKind.Datagram), _buffer.AsSpan(0, length));
        }
    }

    private sealed class SocketNode : INodeDriver
    {
        private readonly SocketRig _rig;
        private readonly SocketAddress _target = new IPEndPoint(IPAddress.Loopback, 0).Serialize();

        public SocketNode(SocketRig rig, int index, NodeSecurity? security, IdentitySecurity? identity)
        {
            _rig = rig;
            Socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            Socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            Address = NodeAddress.From((IPEndPoint)Socket.LocalEndPoint!);
            var random = SeededRandom.For(1, (ulong)index, 0, 0);
            var id = identity?.Keys.Id ?? new NodeId(random.NextUInt64(), random.NextUInt64());
            Core = new NodeCore(
                new NodeCoreOptions
                {
                    Self = new SelfDescription(id, 1, new NodeAddresses(Address), []),
                    Seed = random.NextUInt64(),
                    Security = security,
                    Identity = identity,
                },
                this);
        }

        public Socket Socket { get; }

        public NodeCore Core { get; }

        public NodeAddress Address { get; }

        public bool CanReach(in NodeAddress address) => true;

        public bool Send(in Link to, ReadOnlySpan<byte> packet)
        {
            (_target[2], _target[3]) = ((byte)(to.Address.Port >> 8), (byte)to.Address.Port);
            Socket.SendTo(packet, SocketFlags.None, _target);
            _rig._due.Enqueue(_rig._byAddress[to.Address]);
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
