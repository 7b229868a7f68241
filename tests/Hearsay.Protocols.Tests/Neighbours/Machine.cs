using Hearsay.Protocols.Neighbours;
using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.Tests.Neighbours;

/// <summary>One node's neighbours whose whole world is the test: frames in by hand, frames out kept.</summary>
internal sealed class Machine
{
    private static readonly PeerSamplingOptions Quiet = new() { CycleTime = TimeSpan.FromHours(1) };
    private readonly Lone _node;
    private int _read;

    public Machine(
        NeighbourOptions? options = null, int self = 0, Func<NeighboursProtocol, IProtocol>? above = null)
    {
        Protocol = new NeighboursProtocol(options);
        Observer = new Seen();
        Protocol.Watch(Observer);
        IProtocol[] protocols = above is null ? [Protocol] : [Protocol, above(Protocol)];
        _node = new Lone(Quiet, o => o with { Protocols = protocols, Self = Lone.SelfOf(self) });
    }

    public NeighboursProtocol Protocol { get; }

    public Seen Observer { get; }

    public NeighbourCounters Counters => Protocol.Counters;

    public NodeCore Core => _node.Core;

    public Instant Now => _node.Now;

    public static Peer PeerOf(int number, ulong incarnation = 1) =>
        new(Lone.Id(number), Lone.AddressesOf(number), incarnation, 0, []);

    /// <summary>The bytes of all that the node sent, of whatever protocol.</summary>
    public long SentBytes => _node.Sent.Sum(static sent => (long)sent.Packet.Length);

    public bool Has(int number) => Protocol.Active.Find(Lone.Id(number)) >= 0;

    public bool HasSpare(int number) => Protocol.Passive.Contains(Lone.Id(number));

    public ulong Link(int number) => Protocol.Active[Protocol.Active.Find(Lone.Id(number))].Number;

    /// <summary>What the node sent since the last look, in frames of this protocol.</summary>
    public List<Frame> Sent(byte type = 0)
    {
        var frames = new List<Frame>();
        for (; _read < _node.Sent.Count; _read++)
        {
            var (to, packet, _) = _node.Sent[_read];
            var (protocol, kind, body) = Swarm.FirstFrame(packet);
            if (protocol == NeighbourMessage.Protocol && (type == 0 || kind == type))
            {
                frames.Add(new Frame(kind, to.Address, body));
            }
        }

        return frames;
    }

    public void Send(int from, byte type, Action<Lone.Body> write)
    {
        _node.Receive(Lone.From(from), Lone.Packet(Lone.Id(from), NeighbourMessage.Protocol, type, write));
        Protocol.AssertInvariants();
    }

    public void Receive(int from, byte[] packet) => _node.Receive(Lone.From(from), packet);

    public void Send(int from, byte type, byte[] body) => Send(from, type, b => b.Raw(body));

    /// <summary>A frame of another protocol.</summary>
    public void Send(int from, byte protocol, byte type, Action<Lone.Body> write) =>
        _node.Receive(Lone.From(from), Lone.Packet(Lone.Id(from), protocol, type, write));

    public void Advance(TimeSpan span)
    {
        _node.Advance(span);
        Protocol.AssertInvariants();
    }

    public void Ask(int from, NeighbourPriority priority, ulong nonce = 77, int to = 0) => Send(
        from, NeighbourMessage.Ask,
        b => b.UInt64(nonce).Id(Lone.Id(to)).Byte((byte)priority).Entries(Lone.Of(from))
            .PadTo(NeighbourMessage.AskBytes));

    /// <summary>A peer asks and confirms; whether it became a neighbour.</summary>
    public bool Join(int from, NeighbourPriority priority = NeighbourPriority.Low, int hint = -1)
    {
        Sent();
        Ask(from, priority);
        var accept = Sent(NeighbourMessage.Accept).SingleOrDefault();
        if (accept is null)
        {
            return false;
        }

        var reader = new WireReader(accept.Body);
        Assert.Equal(77UL, reader.ReadUInt64());
        Confirm(from, reader.ReadUInt64(), priority, hint: hint);
        return Has(from);
    }

    public void Confirm(int from, ulong link, NeighbourPriority priority, ulong nonce = 77, int hint = -1) => Send(
        from, NeighbourMessage.Confirm, b =>
        {
            b.UInt64(link).UInt64(nonce).Byte((byte)priority).Zeros(4).Entries(Lone.Of(from));
            if (hint >= 0)
            {
                b.Entries(Lone.Of(hint));
            }
        });

    public void Fill(int count = 5)
    {
        for (var number = 1; number <= count; number++)
        {
            Assert.True(Join(number));
        }

        Sent();
    }

    public void Disconnect(int from, ulong link, bool lives = true) =>
        Send(from, NeighbourMessage.Disconnect, b => b.UInt64(link).Byte(lives ? (byte)1 : (byte)0));

    public void Ping(int from, ulong link) => Send(from, NeighbourMessage.Ping, b => b.UInt64(link).Zeros(4));

    /// <summary>A neighbour hands over a join walk.</summary>
    public void Walk(int from, int newcomer, int hops, ulong incarnation = 1) => Send(
        from, NeighbourMessage.ForwardJoin,
        b => b.UInt64(Link(from)).Byte((byte)hops).Entries(Lone.Of(newcomer, incarnation: incarnation))
            .PadTo(NeighbourMessage.AskBytes));

    /// <summary>A neighbour hands over a shuffle.</summary>
    public void Shuffle(int from, int origin, int hops, params int[] peers) => Send(
        from, NeighbourMessage.Shuffle,
        b => b.UInt64(Link(from)).Byte((byte)hops).UInt64(5).Entries(Lone.Of(origin)).Byte((byte)peers.Length)
            .Entries([.. peers.Select(p => Lone.Of(p))]));

    /// <summary>The sampling service of the node learns of a peer.</summary>
    public void Meet(int number) => _node.Push(number);

    /// <summary>Another protocol of the node heard from a neighbour.</summary>
    public void Heard(int slot)
    {
        _node.Core.Post(Now, NeighbourMessage.Protocol, "now");
        Protocol.Heard(slot);
    }

    /// <summary>Another protocol of the node sent something to a neighbour.</summary>
    public void Spoke(int slot)
    {
        _node.Core.Post(Now, NeighbourMessage.Protocol, "now");
        Protocol.Sent(slot);
    }

    /// <summary>Puts peers among the spare ones, as a shuffle would.</summary>
    public void Know(params int[] peers)
    {
        foreach (var chunk in peers.Chunk(8))
        {
            Shuffle(Enumerable.Range(1, 99).First(Has), 200, 1, chunk);
        }

        Sent();
    }

    /// <summary>The peer that the node asked says yes; the link comes up once the Pong is there.</summary>
    public ulong Accept(int from, ulong link)
    {
        var nonce = Protocol.Requests.Find(Lone.Id(from))!.Nonce;
        Send(from, NeighbourMessage.Accept, b => b.UInt64(nonce).UInt64(link));
        return nonce;
    }

    public void Pong(int from, ulong link) => Send(from, NeighbourMessage.Pong, b => b.UInt64(link).Zeros(4));

    internal sealed record Frame(byte Type, NodeAddress To, byte[] Body)
    {
        public int Number => (int)(To.IPv4Bits - Lone.At(0).IPv4Bits);
    }

    internal sealed class Seen : INeighbourObserver
    {
        public List<string> Changes { get; } = [];

        public void OnNeighbourUp(int slot) => Changes.Add($"up {slot}");

        public void OnNeighbourDown(int slot, in Peer was) => Changes.Add($"down {slot} {was.Id.Low - 1}");
    }
}
