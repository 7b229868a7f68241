using Hearsay.Protocols.Rumors;

namespace Hearsay.Protocols.Tests.Rumors;

/// <summary>
/// Bare rumor protocols that pass frames to each other through buffers made beforehand: nothing here allocates.
/// </summary>
internal sealed class RumorRing
{
    private const int Slots = 4_096;
    private readonly byte[][] _bodies = [.. Enumerable.Range(0, Slots).Select(_ => new byte[1_200])];
    private readonly (int From, int To, byte Type, int Length)[] _queue = new (int, int, byte, int)[Slots];
    private readonly Port[] _ports;
    private int _head;
    private int _tail;

    public RumorRing(int nodes, RumorOptions options)
    {
        _ports = [.. Enumerable.Range(0, nodes).Select(i => new Port(this, i, nodes, new RumorProtocol(options)))];
        foreach (var port in _ports)
        {
            port.Protocol.Start(port);
        }
    }

    public Instant Now { get; private set; } = new(1);

    public RumorProtocol this[int node] => _ports[node].Protocol;

    public void Say(int node, byte[] text) => this[node].OnCommand(_ports[node], text);

    /// <summary>One cycle of everybody.</summary>
    public void Round(TimeSpan cycle)
    {
        Now += cycle;
        foreach (var port in _ports)
        {
            if (port.IsDue)
            {
                port.IsDue = false;
                port.Protocol.OnDue(port, 0);
            }
        }

        while (_head != _tail)
        {
            var slot = _head++ % Slots;
            var (from, to, type, length) = _queue[slot];
            _ports[to].Answering = from;
            _ports[to].Protocol.Receive(_ports[to], _ports[from].Self, type, _bodies[slot].AsSpan(0, length));
        }
    }

    private void Send(int from, int to, byte type, ReadOnlySpan<byte> body)
    {
        var slot = _tail++ % Slots;
        body.CopyTo(_bodies[slot]);
        _queue[slot] = (from, to, type, body.Length);
    }

    private sealed class Port(RumorRing ring, int index, int nodes, RumorProtocol protocol)
        : IProtocolContext, IPeerSampler
    {
        private SeededRandom _random = new((ulong)index);

        public RumorProtocol Protocol => protocol;

        public bool IsDue { get; set; }

        public int Answering { get; set; }

        public Instant Now => ring.Now;

        public ref SeededRandom Random => ref _random;

        public Peer Self { get; } = new(Lone.Id(index), Lone.AddressesOf(index), 1, 0, null);

        public IPeerSampler Peers => this;

        public SamplingPolicy Policy => SamplingPolicy.UniformWithReplacement;

        public SamplerQuality Quality => throw new NotSupportedException();

        public bool Send(in Peer to, byte type, ReadOnlySpan<byte> body)
        {
            ring.Send(index, (int)to.Id.Low - 1, type, body);
            return true;
        }

        public bool Reply(byte type, ReadOnlySpan<byte> body)
        {
            ring.Send(index, Answering, type, body);
            return true;
        }

        public void Schedule(TimeSpan delay, long token) => IsDue = true;

        public void Publish(object happened)
        {
        }

        public bool TryGetPeer(out Peer peer)
        {
            peer = ring._ports[(index + 1 + _random.Below(nodes - 1)) % nodes].Self;
            return true;
        }

        public bool TryGetPeer(out Peer peer, out SampleOrigin origin)
        {
            origin = SampleOrigin.Fresh;
            return TryGetPeer(out peer);
        }

        public int GetPeers(Span<Peer> destination)
        {
            foreach (ref var peer in destination)
            {
                TryGetPeer(out peer);
            }

            return destination.Length;
        }

        public IReadOnlyList<Peer> GetPeers(int count) => throw new NotSupportedException();

        public void Dispose()
        {
        }
    }
}
