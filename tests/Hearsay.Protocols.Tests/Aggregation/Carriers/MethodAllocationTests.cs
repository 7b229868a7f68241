using Hearsay.Protocols.Aggregation.Carriers;
using Hearsay.Protocols.Aggregation.Definitions;
using Hearsay.Protocols.Aggregation.FlowUpdating;
using Hearsay.Protocols.Aggregation.PushPull;
using Hearsay.Protocols.Aggregation.PushSum;
using Hearsay.Protocols.Aggregation.Tournament;

namespace Hearsay.Protocols.Tests.Aggregation.Carriers;

/// <summary>Flow updating, push-sum and tournaments allocate nothing once they run, new epochs included.</summary>
public sealed class MethodAllocationTests
{
    private static readonly AggregationOptions Options = new()
    {
        CycleTime = TimeSpan.FromMilliseconds(500), CyclesPerEpoch = 20, TournamentCycles = 24,
    };

    [Fact]
    public void Flow_updating_allocates_nothing_in_steady_state()
    {
        FlowUpdatingProtocol[] machines = [.. Make(sink => new FlowUpdatingProtocol(Options, null, sink))];
        AssertNothing(machines, Mean(AggregateMethod.FlowUpdating));
        Assert.True(machines.Sum(m => m.Counters.Completed) > 1000);
    }

    [Fact]
    public void Push_sum_allocates_nothing_in_steady_state()
    {
        PushSumProtocol[] machines = [.. Make(sink => new PushSumProtocol(Options, null, sink))];
        AssertNothing(machines, Mean(AggregateMethod.PushSum));
        Assert.True(machines.Sum(m => m.Counters.Taken) > 1000);
        Assert.True(machines[0].Counters.Epochs > 5);
    }

    [Fact]
    public void Tournaments_allocate_nothing_in_steady_state()
    {
        TournamentProtocol[] machines = [.. Make(sink => new TournamentProtocol(Options, new Value(), sink))];
        Value.Machines = machines;
        AssertNothing(machines, new AggregateDefinition("q", AggregateKind.Quantile)
        {
            Quantile = 0.9, Precision = 0.1, Method = AggregateMethod.Tournament,
        });
        Assert.True(machines.Sum(m => m.Counters.Answered + m.Counters.None) > 1000);
    }

    private static AggregateDefinition Mean(AggregateMethod method) =>
        new("a", AggregateKind.Average) { Method = method };

    private static IEnumerable<T> Make<T>(Func<IAggregateSink, T> make) =>
        Enumerable.Range(0, 8).Select(_ => make(new Nobody()));

    private static void AssertNothing(IReadOnlyList<IProtocol> machines, AggregateDefinition definition)
    {
        var network = new LoopDriver(8, PeerSamplingOptions.Recommended, 0, i =>
        [
            new DefinedDirectly(machines[i]),
            new AggregationProtocol(Options, null, null, (IAggregateCarrier)machines[i]),
        ]);
        for (var i = 0; i < 50; i++)
        {
            network.Round();
        }

        for (var i = 0; i < 8; i++)
        {
            network[i].Post(network.Now, machines[i].Id, new AggregationCommand.Define(definition));
        }

        Pass(network, 100);
        Assert.Equal(0, SteadyState.Bytes(() => Pass(network, 200)));
    }

    private static void Pass(LoopDriver network, int cycles)
    {
        for (var i = 0; i < 4 * cycles; i++)
        {
            network.Pass(TimeSpan.FromMilliseconds(125));
        }
    }

    private sealed class Nobody : IAggregateSink
    {
        public void OnEstimate(ulong id, in AggregateEstimate estimate)
        {
        }

        public void OnLifeEnded(ulong id, bool isForgotten)
        {
        }
    }

    /// <summary>Gives every slot of its machines a value at once, past the command, which would be an object.</summary>
    private sealed class Value : IAggregateValues
    {
        public static TournamentProtocol[] Machines { get; set; } = [];

        public void RequestValue(ulong id, AggregateDefinition definition, long epoch)
        {
            foreach (var machine in Machines)
            {
                machine.Table.Find(id)?.TryContribute(3);
            }
        }
    }
}
