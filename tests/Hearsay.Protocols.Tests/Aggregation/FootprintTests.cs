using Hearsay.Protocols.Aggregation.Carriers;
using Hearsay.Protocols.Aggregation.Definitions;
using Hearsay.Protocols.Aggregation.PushPull;
using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.Tests.Aggregation;

/// <summary>What an exchange costs: bytes on the wire and on the heap.</summary>
public sealed class FootprintTests
{
    private static readonly AggregateKind[] Scalars =
    [
        AggregateKind.Average, AggregateKind.Sum, AggregateKind.Variance, AggregateKind.Max,
        AggregateKind.WeightedAverage, AggregateKind.Min, AggregateKind.Count, AggregateKind.NetworkSize,
    ];

    [Fact]
    public void Sixteen_scalar_aggregates_fit_one_datagram_each_way()
    {
        var swarm = new AggregationSwarm(40, AggregationSwarm.Options with { Leaders = 32 });
        var lengths = new List<(byte Type, int Bytes)>();
        foreach (var member in swarm.Members)
        {
            member.Node.OnSend = (link, packet) =>
            {
                var (protocol, type, _) = Swarm.FirstFrame(packet);
                if (protocol == AggregationProtocol.ProtocolId)
                {
                    Assert.Equal(LinkKind.Datagram, link.Kind);
                    lengths.Add((type, packet.Length));
                }
            };
        }

        Define(swarm, 16);
        swarm.RunToEpoch(4);
        foreach (var type in lengths.GroupBy(l => l.Type))
        {
            Swarm.Say($"type {type.Key}: {type.Count()} messages, up to {type.Max(l => l.Bytes)} bytes");
        }

        Assert.All(lengths, l => Assert.True(l.Bytes <= Envelope.MaximumDatagramBytes));
        Assert.True(lengths.Count(l => l.Type == AggregationMessage.Answer) > 1000);
        Assert.Equal(0, swarm.Network.Dropped(DropReason.Amplification));
        Assert.All(swarm.Members, m => Assert.Equal(0, m.Protocol.Counters.StatesRefused));
        Assert.All(swarm.Members, m => Assert.Equal(0, m.Protocol.Counters.Malformed));
    }

    [Fact]
    public void Exchanges_allocate_nothing_in_steady_state()
    {
        var options = new AggregationOptions { CycleTime = TimeSpan.FromMilliseconds(500), CyclesPerEpoch = 40 };
        AggregationProtocol[] machines =
            [.. Enumerable.Range(0, 8).Select(_ => new AggregationProtocol(options, null, new Nobody()))];
        var network = new LoopDriver(8, PeerSamplingOptions.Recommended, 0, i => [machines[i]]);
        for (var i = 0; i < 50; i++)
        {
            network.Round();
        }

        for (var i = 0; i < 16; i++)
        {
            var kind = Scalars[i % Scalars.Length];
            network[0].Post(network.Now, 5, new AggregationCommand.Define(new AggregateDefinition($"a{i}", kind)));
        }

        // Two epochs: everybody knows all, the size is known, and the ring of answers has its size.
        Pass(network, 160);
        var (completed, epochs) = (machines.Sum(m => m.Counters.Completed), machines[0].Counters.Epochs);
        Assert.Equal(0, SteadyState.Bytes(() => Pass(network, 200)));
        Assert.True(machines.Sum(m => m.Counters.Completed) - completed > 1000);
        Assert.True(machines[0].Counters.Epochs - epochs >= 4, "New epochs allocate nothing either.");
        Assert.All(machines, m => Assert.Equal(16, m.Table.Slots.Length));
    }

    internal static void Define(AggregationSwarm swarm, int count)
    {
        for (var i = 0; i < count; i++)
        {
            swarm.Define(new AggregateDefinition($"aggregate.number.{i}", Scalars[i % Scalars.Length]), i);
        }
    }

    private static void Pass(LoopDriver network, int cycles)
    {
        for (var i = 0; i < 2 * cycles; i++)
        {
            network.Pass(TimeSpan.FromMilliseconds(250));
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
}
