using Hearsay.Protocols.Aggregation.Carriers;
using Hearsay.Protocols.Aggregation.Definitions;
using Hearsay.Protocols.Aggregation.PushPull;
using Hearsay.Protocols.Aggregation.States;
using Hearsay.Simulation;

namespace Hearsay.Protocols.Tests.Aggregation;

/// <summary>A virtual network whose nodes aggregate; values come a moment after they are asked for.</summary>
internal sealed class AggregationSwarm
{
    public static readonly TimeSpan Cycle = TimeSpan.FromSeconds(1);

    private readonly List<Member> _members = [];
    private readonly Func<int, long, double> _value;
    private readonly AggregationOptions _options;
    private readonly PeerSamplingOptions _sampling;

    public AggregationSwarm(
        int nodes,
        AggregationOptions? options = null,
        VirtualNetworkOptions? network = null,
        Func<int, long, double>? value = null,
        PeerSamplingOptions? sampling = null)
    {
        _sampling = sampling ?? PeerSamplingOptions.Recommended;
        _options = options ?? Options;
        _value = value ?? ((index, _) => index);
        Network = new VirtualNetwork(network) { AfterEvent = AfterEvent };
        for (var i = 0; i < nodes; i++)
        {
            Add();
        }
    }

    public static AggregationOptions Options { get; } = new() { CycleTime = Cycle };

    public VirtualNetwork Network { get; }

    /// <summary>Addresses that nodes added from now on need not see answer first: none unless set.</summary>
    public NodeAddress[] Vouched { get; set; } = [];

    public IReadOnlyList<Member> Members => _members;

    public IEnumerable<Member> Up => _members.Where(m => m.Node.IsUp);

    public Member this[int index] => _members[index];

    /// <param name="options">Its options; those of all if null.</param>
    /// <param name="seeds">Contacts; if null, the first node.</param>
    public Member Add(AggregationOptions? options = null, NodeAddress[]? seeds = null)
    {
        var member = new Member(this, _members.Count, options ?? _options);
        _members.Add(member);
        member.Node = Network.Add(
            _sampling, seeds, configure: o => o with { Protocols = [member.Protocol], VouchedAddresses = Vouched });
        return member;
    }

    public ulong Define(AggregateDefinition definition, params int[] at)
    {
        foreach (var index in at)
        {
            _members[index].Command(new AggregationCommand.Define(definition));
        }

        return AggregateDefinitionCodec.IdOf(definition);
    }

    public ulong DefineEverywhere(AggregateDefinition definition) =>
        Define(definition, [.. Enumerable.Range(0, _members.Count)]);

    /// <summary>Until every node that is up has entered this epoch or a later one, and a little longer.</summary>
    public void RunToEpoch(long epoch, int limitCycles = 400)
    {
        for (var i = 0; i < 4 * limitCycles && Up.Any(m => m.Protocol.Epoch < epoch); i++)
        {
            Network.Run(Cycle / 4);
        }
    }

    /// <summary>Until the present epoch begins no exchange any more, and what is open is settled.</summary>
    public void RunToSettling()
    {
        var first = Up.Max(m => m.Protocol.Epoch);
        var end = Up.Where(m => m.Protocol.Epoch == first).Min(m => m.Protocol.Clock.Ends);
        Network.RunUntil(end + (-0.1 * Cycle));
    }

    public IEnumerable<AggregateEstimate> Finals(ulong id, long epoch) =>
        Up.Select(m => m.Final(id, epoch)).OfType<AggregateEstimate>();

    private void AfterEvent(VirtualNode node)
    {
        var member = _members.Count > node.Index ? _members[node.Index] : null;
        member?.Provide();
    }

    /// <summary>One node.</summary>
    internal sealed class Member : IAggregateValues, IAggregateSink
    {
        private readonly AggregationSwarm _swarm;
        private readonly List<(ulong Id, long Epoch, AggregateKind Kind)> _requests = [];

        public Member(AggregationSwarm swarm, int index, AggregationOptions options)
        {
            (_swarm, Index) = (swarm, index);
            Protocol = new AggregationProtocol(options, this, this);
        }

        public int Index { get; }

        public AggregationProtocol Protocol { get; }

        public VirtualNode Node { get; set; } = null!;

        /// <summary>Whether it has values to give.</summary>
        public bool HasValues { get; set; } = true;

        public List<(ulong Id, AggregateEstimate Estimate)> Estimates { get; } = [];

        public List<(ulong Id, bool IsForgotten)> LivesEnded { get; } = [];

        public AggregateEstimate Last(ulong id) => Estimates.Last(e => e.Id == id).Estimate;

        public AggregateEstimate? Final(ulong id, long epoch)
        {
            foreach (var (of, estimate) in Estimates)
            {
                if (of == id && estimate.IsFinal && estimate.Epoch == epoch)
                {
                    return estimate;
                }
            }

            return null;
        }

        public ReadOnlySpan<double> Cells(ulong id) => ((MomentState)Protocol.Table.Find(id)!.State).Cells;

        public void Command(AggregationCommand command) =>
            _swarm.Network.Command(Node, (core, now) => core.Post(now, AggregationProtocol.ProtocolId, command));

        public void RequestValue(ulong id, AggregateDefinition definition, long epoch) =>
            _requests.Add((id, epoch, definition.Kind));

        public void OnEstimate(ulong id, in AggregateEstimate estimate) => Estimates.Add((id, estimate));

        public void OnLifeEnded(ulong id, bool isForgotten) => LivesEnded.Add((id, isForgotten));

        public void Provide()
        {
            if (_requests.Count == 0)
            {
                return;
            }

            var requests = _requests.ToArray();
            _requests.Clear();
            foreach (var (id, epoch, _) in requests)
            {
                if (HasValues)
                {
                    ulong[] items = [(ulong)Index, (ulong)Index + 1, 5];
                    var input = new AggregateInput(_swarm._value(Index, epoch), Index + 1, Items: items);
                    Command(new AggregationCommand.ProvideValue(id, epoch, input));
                }
            }
        }
    }
}
