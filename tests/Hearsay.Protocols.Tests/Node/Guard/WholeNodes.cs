using Hearsay.Protocols.Aggregation.Carriers;
using Hearsay.Protocols.Aggregation.Definitions;
using Hearsay.Protocols.Aggregation.FlowUpdating;
using Hearsay.Protocols.Aggregation.PushPull;
using Hearsay.Protocols.Aggregation.PushSum;
using Hearsay.Protocols.Aggregation.Tournament;
using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Exchange;
using Hearsay.Protocols.AntiEntropy.Replica;
using Hearsay.Protocols.AntiEntropy.Rows;
using Hearsay.Protocols.AntiEntropy;
using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Broadcast;
using Hearsay.Protocols.Neighbours;
using Hearsay.Protocols.Requests;
using Hearsay.Protocols.Rotation;
using Hearsay.Protocols.Security;
using Hearsay.Protocols.Tests.AntiEntropy;
using Hearsay.Protocols.Tests.Requests;
using Hearsay.Protocols.Wire;
using Hearsay.Simulation;
using Hearsay.Tests;
using RumorMongering = Hearsay.Protocols.Rumors.RumorProtocol;

namespace Hearsay.Protocols.Tests.Node.Guard;

/// <summary>
/// Nodes that run every protocol there is, with something to say in each, in virtual time; and all that they send.
/// Nobody vouches for an address, unless a test says so.
/// </summary>
internal sealed class WholeNodes
{
    public static readonly TimeSpan Cycle = TimeSpan.FromSeconds(1);

    private static readonly AggregateDefinition[] _definitions =
    [
        new("n", AggregateKind.NetworkSize), new("mean", AggregateKind.Average),
        new("flow", AggregateKind.Average) { Method = AggregateMethod.FlowUpdating },
        new("push", AggregateKind.Average) { Method = AggregateMethod.PushSum },
        new("half", AggregateKind.Quantile) { Quantile = 0.5, Method = AggregateMethod.Tournament },
    ];

    private readonly List<Member> _members = [];
    private readonly PeerSamplingOptions _sampling;
    private readonly BroadcastMode _mode;
    private readonly NodeAddress[] _vouched;

    public WholeNodes(
        int nodes, PeerSamplingOptions? sampling = null, VirtualNetworkOptions? network = null,
        BroadcastMode mode = BroadcastMode.Auto, NodeAddress[]? vouched = null)
    {
        (_mode, _vouched) = (mode, vouched ?? []);
        _sampling = sampling ?? PeerSamplingOptions.Recommended;
        Network = new VirtualNetwork(network ?? new VirtualNetworkOptions { KeepsNotices = false })
        {
            AfterEvent = node => (_members.Count > node.Index ? _members[node.Index] : null)?.Provide(),
        };
        for (var i = 0; i < nodes; i++)
        {
            Add();
        }
    }

    public VirtualNetwork Network { get; }

    public IReadOnlyList<Member> Members => _members;

    /// <summary>Whether nodes ask each other; a third of the handlers hang.</summary>
    public bool Asks { get; init; } = true;

    /// <summary>All that was sent since this was emptied.</summary>
    public List<Sending> Sent { get; } = [];

    public Member Add()
    {
        var member = new Member(this);
        member.Node = Network.Add(
            _sampling, configure: o => o with
            {
                Protocols = member.Protocols,
                VouchedAddresses = _vouched,
                Self = new SelfDescription(o.Self.Id, o.Self.Incarnation, o.Self.Addresses, "metadata"u8.ToArray()),
            });
        member.Node.OnSend = (to, packet) => Sent.Add(new Sending(member.Node, Network.Now, to, packet));
        _members.Add(member);
        // Every third learns them from the others.
        Array.ForEach(_members.Count % 3 == 0 ? [] : _definitions, member.Define);

        return member;
    }

    /// <summary>Time passes, and applications have something to say: topics, rumors, large messages.</summary>
    public void Run(int cycles, bool isBusy = true)
    {
        for (var cycle = 0; cycle < cycles; cycle++)
        {
            var node = _members[cycle % _members.Count].Node;
            if (isBusy && node.IsUp)
            {
                var length = cycle % 7 == 6 ? 40_000 : 300;
                Command(node, BroadcastFrame.Protocol, new PublishCommand(
                    "t"u8.ToArray(), new byte[length], IsTracked: cycle % 3 == 0));
                Command(node, RumorMongering.FrameId, new byte[] { (byte)cycle, 1, 2, 3 });
                Command(node, MapFrame.Protocol, new MapWriteCommand(
                    "map", [MapChange.Set(RowPath.Of([(byte)(cycle % 5)]), RowKind.Register, new byte[200])],
                    (ulong)cycle));
                if (Asks)
                {
                    var other = _members[(cycle + 1) % _members.Count].Node.Core.Self.ToPeer();
                    Command(node, RequestMessage.Protocol, new AskedRequest(
                        other, "any"u8.ToArray(), new byte[100], TimeSpan.FromSeconds(3)));
                }
            }

            Network.Run(Cycle);
        }
    }

    /// <summary>Hands a packet to a node.</summary>
    /// <returns>What it sent in handling it.</returns>
    public IReadOnlyList<Sending> Inject(VirtualNode node, NodeAddress from, byte[] packet)
    {
        var before = Sent.Count;
        Network.Inject(node, new Link(from, LinkKind.Datagram), packet);
        return Sent[before..];
    }

    public static byte[] Packet(NodeId sender, params (byte Protocol, byte Type, byte[] Body)[] frames)
    {
        var writer = new WireWriter(new byte[Envelope.MaximumDatagramBytes]);
        writer.WriteZeros(Envelope.SizeBytes);
        foreach (var (protocol, type, body) in frames)
        {
            var mark = writer.Position;
            var start = Frame.Begin(ref writer, protocol, type);
            writer.WriteBytes(body);
            Frame.End(ref writer, start);
            if (writer.Failed)
            {
                writer.Rewind(mark);
            }
        }

        Envelope.Seal(writer.Written, Envelope.LabelOf("default"), sender);
        return writer.Written.ToArray();
    }

    private void Command(VirtualNode node, byte protocol, object command) =>
        Network.Command(node, (core, now) => core.Post(now, protocol, command));

    /// <summary>A packet on its way.</summary>
    internal sealed record Sending(VirtualNode From, Instant At, Link To, byte[] Packet)
    {
        /// <summary>Its frames, those of the node itself left out.</summary>
        public IEnumerable<(byte Protocol, byte Type, byte[] Body)> Frames()
        {
            var frames = new List<(byte, byte, byte[])>();
            var reader = new WireReader(Packet.AsSpan(Envelope.SizeBytes));
            while (Frame.TryRead(ref reader, out var protocol, out var type, out var body))
            {
                if (protocol != Frame.Node)
                {
                    frames.Add((protocol, type, body.ToArray()));
                }
            }

            return frames;
        }
    }

    /// <summary>One node with an application that gives a value whenever it is asked.</summary>
    internal sealed class Member : IAggregateValues, IBroadcastSink
    {
        private readonly WholeNodes _all;
        private readonly List<(ulong Id, AggregateMethod Method, long Epoch)> _asked = [];
        private readonly MemberRequests _requests = new();

        public Member(WholeNodes all)
        {
            _all = all;
            Neighbours = new NeighboursProtocol();
            var options = new BroadcastOptions
            {
                Mode = all._mode, EagerPayloadBytes = 8192, Retention = TimeSpan.FromSeconds(20),
            };
            Broadcast = new BroadcastProtocol(options, Neighbours, this);
            Flow = new FlowUpdatingProtocol(AggregationOptions.Default, this, null);
            PushSum = new PushSumProtocol(AggregationOptions.Default, this, null);
            Tournament = new TournamentProtocol(AggregationOptions.Default, this, null);
            Maps = new AntiEntropyProtocol(
                new MapOptions { SketchCells = 64 }, Stores = new TestStores((ulong)all._members.Count));
            Aggregation = new AggregationProtocol(AggregationOptions.Default, this, null, Flow, PushSum, Tournament);
            Protocols = [Flow, PushSum, Tournament, Aggregation, Neighbours, Broadcast, new RumorMongering(), Maps,
                new RequestProtocol(new RequestOptions(), _requests),
                new KeyringProtocol(new NodeSecurity(SeededCipher.Create(1), new FixedRing(all._members.Count)))];
        }

        public VirtualNode Node { get; set; } = null!;

        public NeighboursProtocol Neighbours { get; }

        /// <summary>The same, as what stands on its links sees it.</summary>
        public INeighbours Links => Neighbours;

        public BroadcastProtocol Broadcast { get; }

        public FlowUpdatingProtocol Flow { get; }

        public PushSumProtocol PushSum { get; }

        public TournamentProtocol Tournament { get; }

        public AggregationProtocol Aggregation { get; }

        public AntiEntropyProtocol Maps { get; }

        public TestStores Stores { get; }

        public IReadOnlyList<IProtocol> Protocols { get; }

        public void Define(AggregateDefinition definition) =>
            _all.Command(Node, AggregationProtocol.ProtocolId, new AggregationCommand.Define(definition));

        public void RequestValue(ulong id, AggregateDefinition definition, long epoch) =>
            _asked.Add((id, definition.Method, epoch));

        public void Deliver(in BroadcastMessage message)
        {
        }

        public void Provide()
        {
            foreach (var answer in _requests.Take().ToArray())
            {
                _all.Command(Node, RequestMessage.Protocol, answer);
            }

            var asked = _asked.ToArray();
            _asked.Clear();
            foreach (var (id, method, epoch) in asked)
            {
                var protocol = method switch
                {
                    AggregateMethod.FlowUpdating => FlowUpdatingProtocol.ProtocolId,
                    AggregateMethod.PushSum => PushSumProtocol.ProtocolId,
                    AggregateMethod.Tournament => TournamentProtocol.ProtocolId,
                    _ => AggregationProtocol.ProtocolId,
                };
                _all.Command(Node, protocol, new AggregationCommand.ProvideValue(
                    id, epoch, new AggregateInput(Node.Index)));
            }
        }
    }
}
