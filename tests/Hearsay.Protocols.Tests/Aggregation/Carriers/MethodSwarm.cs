using Hearsay.Protocols.Aggregation.Carriers;
using Hearsay.Protocols.Aggregation.Definitions;
using Hearsay.Protocols.Aggregation.PushPull;
using Hearsay.Protocols.Wire;
using Hearsay.Simulation;

namespace Hearsay.Protocols.Tests.Aggregation.Carriers;

/// <summary>
/// A virtual network whose nodes run one method of aggregation, beside aggregation itself where the method goes by its
/// epochs; definitions are told to all, values come a moment after they are asked for.
/// </summary>
internal sealed class MethodSwarm<T>
    where T : class, IProtocol, IAggregateCarrier
{
    private readonly List<Member> _members = [];
    private readonly Func<IAggregateValues, IAggregateSink, T> _make;
    private readonly AggregationOptions? _epochs;
    private readonly List<AggregateDefinition> _definitions = [];

    /// <param name="nodes">How many to begin with.</param>
    /// <param name="make">Makes the method of a node.</param>
    /// <param name="network">The network; null for a perfect one.</param>
    /// <param name="epochs">Those of aggregation, if the method goes by them.</param>
    public MethodSwarm(
        int nodes, Func<IAggregateValues, IAggregateSink, T> make, VirtualNetworkOptions? network = null,
        AggregationOptions? epochs = null)
    {
        (_make, _epochs) = (make, epochs);
        network ??= new VirtualNetworkOptions();
        Network = new VirtualNetwork(network with { KeepsNotices = false })
        {
            AfterEvent = node => (_members.Count > node.Index ? _members[node.Index] : null)?.Provide(),
        };
        for (var i = 0; i < nodes; i++)
        {
            Add();
        }
    }

    public static TimeSpan Cycle { get; } = TimeSpan.FromSeconds(1);

    public VirtualNetwork Network { get; }

    public IReadOnlyList<Member> Members => _members;

    public IEnumerable<Member> Up => _members.Where(m => m.Node.IsUp);

    public Member this[int index] => _members[index];

    /// <summary>What a node says if asked; not a number: nothing.</summary>
    public Func<int, double> Value { get; set; } = static index => index;

    public Member Add()
    {
        var member = new Member(this, _members.Count);
        IProtocol method = new DefinedDirectly(member.Protocol);
        IProtocol[] protocols = _epochs is null ? [method]
            : [method, new AggregationProtocol(_epochs, null, null, member.Protocol)];
        NodeAddress[] seeds = [.. Up.Skip(_members.Count / 2).Take(1).Select(m => m.Node.Address)];
        _members.Add(member);
        member.Node = Network.Add(
            PeerSamplingOptions.Recommended, seeds.Length > 0 && _definitions.Count > 0 ? seeds : null,
            o => o with { Protocols = protocols });
        foreach (var definition in _definitions)
        {
            member.Command(new AggregationCommand.Define(definition));
        }

        return member;
    }

    public ulong Define(AggregateDefinition definition)
    {
        _definitions.Add(definition);
        foreach (var member in Up)
        {
            member.Command(new AggregationCommand.Define(definition));
        }

        return AggregateDefinitionCodec.IdOf(definition);
    }

    public void Run(double cycles) => Network.Run(cycles * Cycle);

    /// <summary>The mean of what the running nodes say.</summary>
    public double Truth() => Up.Average(m => Value(m.Index));

    /// <summary>The root mean square of the errors of the last estimates, relative to the truth.</summary>
    public double RelativeError(ulong id)
    {
        var truth = Truth();
        return Math.Sqrt(Up.Average(m => Square(m.Last(id).Value - truth))) / Math.Abs(truth);
    }

    /// <summary>The largest error of the last estimates, relative to the truth.</summary>
    public double LargestError(ulong id)
    {
        var truth = Truth();
        return Up.Max(m => Math.Abs(m.Last(id).Value - truth)) / Math.Abs(truth);
    }

    public void Inject(int to, byte type, ReadOnlySpan<byte> body, int from = 5000, int sender = 6) => Network.Inject(
        this[to].Node, new Link(VirtualNetwork.AddressOf(from), LinkKind.Datagram),
        Packet(this[to].Protocol.Id, type, body, sender));

    public static byte[] Packet(byte protocol, byte type, ReadOnlySpan<byte> body, int sender = 6)
    {
        var packet = new WireWriter(new byte[Envelope.MaximumStreamBytes]);
        packet.WriteZeros(Envelope.SizeBytes);
        var start = Frame.Begin(ref packet, protocol, type);
        packet.WriteBytes(body);
        Frame.End(ref packet, start);
        Envelope.Seal(packet.Written, Envelope.LabelOf("default"), new NodeId(66, (ulong)sender));
        return packet.Written.ToArray();
    }

    private static double Square(double value) => value * value;

    /// <summary>One node.</summary>
    internal sealed class Member : IAggregateValues, IAggregateSink
    {
        private readonly MethodSwarm<T> _swarm;
        private readonly List<(ulong Id, long Epoch)> _requests = [];
        private readonly Dictionary<ulong, AggregateEstimate> _last = [];

        public Member(MethodSwarm<T> swarm, int index)
        {
            (_swarm, Index) = (swarm, index);
            Protocol = swarm._make(this, this);
        }

        public int Index { get; }

        public T Protocol { get; }

        public VirtualNode Node { get; set; } = null!;

        /// <summary>Every final estimate, in order.</summary>
        public List<AggregateEstimate> Finals { get; } = [];

        public AggregateEstimate Last(ulong id) => _last.GetValueOrDefault(id);

        public void Command(AggregationCommand command) =>
            _swarm.Network.Command(Node, (core, now) => core.Post(now, Protocol.Id, command));

        public void RequestValue(ulong id, AggregateDefinition definition, long epoch) => _requests.Add((id, epoch));

        public void OnEstimate(ulong id, in AggregateEstimate estimate)
        {
            _last[id] = estimate;
            if (estimate.IsFinal)
            {
                Finals.Add(estimate);
            }
        }

        public void OnLifeEnded(ulong id, bool isForgotten)
        {
        }

        public void Provide()
        {
            if (_requests.Count == 0)
            {
                return;
            }

            var requests = _requests.ToArray();
            _requests.Clear();
            var value = _swarm.Value(Index);
            foreach (var (id, epoch) in double.IsNaN(value) ? [] : requests)
            {
                Command(new AggregationCommand.ProvideValue(id, epoch, new AggregateInput(value)));
            }
        }
    }
}
