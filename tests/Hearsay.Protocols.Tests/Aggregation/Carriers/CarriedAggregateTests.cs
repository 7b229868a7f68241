using Hearsay.Protocols.Aggregation.Definitions;
using Hearsay.Protocols.Aggregation.FlowUpdating;
using Hearsay.Protocols.Aggregation.PushPull;
using Hearsay.Protocols.Aggregation.PushSum;
using Hearsay.Protocols.Aggregation.Tournament;
using Hearsay.Simulation;

namespace Hearsay.Protocols.Tests.Aggregation.Carriers;

/// <summary>Aggregates of other methods than push-pull: definitions spread and are forgotten.</summary>
public sealed class CarriedAggregateTests
{
    private static readonly AggregationOptions Options = new()
    {
        CyclesPerEpoch = 8, SettleCycles = 1, ExpiryEpochs = 2, TournamentCycles = 24,
    };

    private readonly List<Node> _nodes = [];
    private readonly VirtualNetwork _network = new();

    [Fact]
    public void One_node_defines_and_all_take_part_until_nobody_wants_it()
    {
        AggregateDefinition[] definitions =
        [
            new("load", AggregateKind.Average) { Method = AggregateMethod.FlowUpdating },
            new("load", AggregateKind.Average) { Method = AggregateMethod.PushSum },
            new("load", AggregateKind.Quantile) { Method = AggregateMethod.Tournament, Quantile = 0.5 },
        ];
        Start(20);
        foreach (var definition in definitions)
        {
            Post(0, new AggregationCommand.Define(definition));
        }

        Run(30);
        Assert.All(_nodes, node => Assert.Equal((1, 1, 1), node.Carried));
        Assert.All(_nodes, node => Assert.All(node.Core.Table.Slots.ToArray(), slot => Assert.False(slot.IsActive)));
        Assert.True(_nodes.Sum(n => n.Flow.Counters.Completed) > 100);
        Assert.True(_nodes.Sum(n => n.Push.Counters.Taken) > 50);
        foreach (var definition in definitions)
        {
            Post(0, new AggregationCommand.Release(AggregateDefinitionCodec.IdOf(definition)));
        }

        Run(60);
        Assert.All(_nodes, node => Assert.Equal((0, 0, 0), node.Carried));
        var sent = _nodes.Sum(n => n.Flow.Counters.Started + n.Push.Counters.Sent + n.Quantile.Counters.Pulls);
        Run(20);
        Assert.Equal(sent,
            _nodes.Sum(n => n.Flow.Counters.Started + n.Push.Counters.Sent + n.Quantile.Counters.Pulls));
    }

    [Fact]
    public void A_node_that_cannot_compute_a_method_refuses_its_definitions()
    {
        var machine = new AggregationProtocol(Options, null, null);
        var node = new Lone(configure: o => o with { Protocols = [machine] });
        var definition = new AggregateDefinition("x", AggregateKind.Average) { Method = AggregateMethod.PushSum };
        node.Core.Post(node.Now, AggregationProtocol.ProtocolId, new AggregationCommand.Define(definition));
        Assert.Equal(1, machine.Counters.DefinitionsRefused);
        Assert.True(machine.Table.Slots.IsEmpty);
    }

    private void Start(int nodes)
    {
        for (var i = 0; i < nodes; i++)
        {
            var node = new Node();
            _nodes.Add(node);
            _network.Add(configure: o => o with { Protocols = [node.Flow, node.Push, node.Quantile, node.Core] });
        }

        Run(20);
    }

    private void Run(double cycles) => _network.Run(cycles * Options.CycleTime);

    private void Post(int index, AggregationCommand command) => _network.Command(
        _network.Nodes[index], (core, now) => core.Post(now, AggregationProtocol.ProtocolId, command));

    private sealed class Node
    {
        public Node() => Core = new AggregationProtocol(Options, null, null, Flow, Push, Quantile);

        public FlowUpdatingProtocol Flow { get; } = new(Options, null, null);

        public PushSumProtocol Push { get; } = new(Options, null, null);

        public TournamentProtocol Quantile { get; } = new(Options, null, null);

        public AggregationProtocol Core { get; }

        public (int Flows, int Pushes, int Quantiles) Carried =>
            (Flow.Table.Slots.Length, Push.Table.Slots.Length, Quantile.Table.Slots.Length);
    }
}
