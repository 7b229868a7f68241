using Hearsay.Protocols.Aggregation.Definitions;
using Hearsay.Protocols.Aggregation.FlowUpdating;
using Hearsay.Protocols.Tests.Aggregation.Carriers;
using Hearsay.Simulation;

namespace Hearsay.Protocols.Tests.Aggregation.FlowUpdating;

/// <summary>
/// What must hold of whole networks. Each returns what was broken, or null; the same run against protocols with a
/// defect built in.
/// </summary>
internal static class FlowUpdatingScenarios
{
    public static readonly AggregateDefinition Load = new("load", AggregateKind.Average)
    {
        Method = AggregateMethod.FlowUpdating,
    };

    public static readonly AggregateDefinition Bounded = Load with { Minimum = 0, Maximum = 1000 };

    public static MethodSwarm<FlowUpdatingProtocol> Swarm(
        int nodes, VirtualNetworkOptions? network = null, FlowUpdatingOptions? flow = null)
    {
        var options = new AggregationOptions { FlowUpdating = flow ?? new FlowUpdatingOptions() };
        return new(nodes, (values, sink) => new FlowUpdatingProtocol(options, values, sink), network);
    }

    /// <summary>
    /// Half of the nodes change their value while a fifth of the datagrams is lost: 120 cycles later the rms error is
    /// at most 0.2 %, and nobody began anew.
    /// </summary>
    public static string? AStepIsFollowedUnderLoss()
    {
        const int Nodes = 200;
        var swarm = Swarm(Nodes, new VirtualNetworkOptions { Loss = 0.2 });
        var id = swarm.Define(Load);
        swarm.Value = index => Uniform(index);
        swarm.Run(100);
        var before = swarm.RelativeError(id);
        swarm.Value = index => Uniform(index) + (index % 2 == 0 ? 1 : 0);
        swarm.Run(120);
        var after = swarm.RelativeError(id);
        Tests.Swarm.Say($"{Nodes} nodes: rms {before:e1} before the step, {after:e1} 120 cycles after it, "
            + $"{swarm.Up.Sum(m => m.Protocol.Counters.Failures)} links failed");
        return after <= 0.002 ? null : $"rms {after:e2} 120 cycles after the step";
    }

    /// <summary>
    /// A fifth of the nodes crash: within 60 cycles the mean is that of those that are left. Every link has its turn
    /// once in each round of at most twelve cycles, so a dead one is used within 23 and given up ten later; the rest is
    /// for what it held to spread. (The worst node of 24 seeds was below 1e-3 after 37 to 46 cycles, and at most 1.4e-4
    /// off after 50. With neighbours drawn at random all the time it took 50 to more than 90 cycles.) A link that gives
    /// way to a newer one throws its flow back at any time, for some ten cycles, which is why it is looked at more than
    /// once.
    /// </summary>
    public static string? TheMassOfTheDeadReturns() =>
        TheMassOfTheDeadReturns(1) ?? TheMassOfTheDeadReturns(2) ?? TheMassOfTheDeadReturns(3);

    private static string? TheMassOfTheDeadReturns(ulong seed)
    {
        var swarm = Swarm(100, new VirtualNetworkOptions { Seed = seed });
        var id = swarm.Define(Load);
        swarm.Value = index => index < 20 ? 1000 : index;
        swarm.Run(60);
        foreach (var member in swarm.Members.Take(20))
        {
            swarm.Network.Kill(member.Node);
        }

        swarm.Run(50);
        var error = swarm.LargestError(id);
        for (var cycle = 50; cycle < 60 && error >= 1e-3; cycle++)
        {
            swarm.Run(1);
            error = swarm.LargestError(id);
        }

        return error < 1e-3 ? null : $"the worst node is {error:e1} off with seed {seed}";
    }

    /// <summary>Datagrams come twice, late and very late, while values stand still.</summary>
    public static string? OldMessagesChangeNothing()
    {
        var links = new LinkModel { Duplication = 0.3, Reordering = 0.3, Replay = 0.3 };
        var swarm = Swarm(60, new VirtualNetworkOptions { Links = links });
        var id = swarm.Define(Load);
        swarm.Run(80);
        return SumIsConserved(swarm, id, 1e-9) ?? (swarm.LargestError(id) < 1e-6 ? null : "no agreement");
    }

    /// <summary>Answers take most of a cycle, so exchanges cross all the time.</summary>
    public static string? CrossingExchangesAgree()
    {
        var delay = 0.45 * MethodSwarm<FlowUpdatingProtocol>.Cycle;
        var links = new LinkModel { Delay = new DelayModel(DelayKind.Uniform, 0.9 * delay, 0.1 * delay) };
        var swarm = Swarm(60, new VirtualNetworkOptions { Links = links }, new FlowUpdatingOptions { Neighbours = 2 });
        var id = swarm.Define(Load);
        swarm.Run(60);
        var early = swarm.LargestError(id);
        swarm.Run(140);
        var error = swarm.LargestError(id);
        Tests.Swarm.Say($"answers take 0.9 cycles: largest error {early:e1} after 60 cycles, {error:e1} after 200");
        return error < 1e-4 ? null : $"the worst node is {error:e1} off";
    }

    /// <summary>A neighbour states flows that are no numbers, or absurd.</summary>
    public static string? NonsenseIsRefused()
    {
        var swarm = Swarm(20);
        var id = swarm.Define(Bounded);
        swarm.Run(30);
        for (var to = 0; to < 20; to++)
        {
            BecomeNeighbour(swarm, to);
        }

        uint number = 1;
        foreach (var poison in new[] { double.NaN, double.PositiveInfinity, 1e300, -1e12 })
        {
            for (var to = 0; to < 20; to++)
            {
                swarm.Inject(to, FlowUpdatingMessage.Exchange, Exchange(number++, id, 2, poison, 3));
                swarm.Inject(to, FlowUpdatingMessage.Exchange, Exchange(number++, id, 2, 3, poison));
            }
        }

        swarm.Run(40);
        var error = swarm.LargestError(id);
        return error < 1e-3 ? null : $"the worst node is {error} off";
    }

    /// <summary>An attacker asks for a link and answers the probe: it is a member that lies.</summary>
    public static void BecomeNeighbour(MethodSwarm<FlowUpdatingProtocol> swarm, int to)
    {
        byte[] probe = [];
        swarm[to].Node.OnSend = (_, packet) => probe = Tests.Swarm.FirstFrame(packet).Body;
        swarm.Inject(to, FlowUpdatingMessage.Exchange, [0, 0, 0, 0, 0]);
        swarm.Inject(to, FlowUpdatingMessage.Answer, probe);
        swarm[to].Node.OnSend = null;
    }

    public static byte[] Exchange(uint number, ulong id, int cells, double flow, double estimate)
    {
        var writer = new WireWriter(new byte[FlowUpdatingMessage.MaximumBytes]);
        writer.WriteUInt32(number);
        writer.WriteByte(1);
        writer.WriteUInt64(id);
        writer.WriteByte((byte)cells);
        for (var i = 0; i < cells; i++)
        {
            writer.WriteDouble(flow);
            writer.WriteDouble(estimate);
        }

        return writer.Written.ToArray();
    }

    public static string? SumIsConserved(MethodSwarm<FlowUpdatingProtocol> swarm, ulong id, double relative)
    {
        // Between two cycles everything is settled: nodes are asked in the quiet before the next contact of anybody.
        var expected = swarm.Up.Sum(m => swarm.Value(m.Index));
        var sum = swarm.Up.Sum(m => m.Protocol.Table.Find(id)!.Cells[1]);
        return Math.Abs(sum - expected) <= relative * Math.Abs(expected) ? null : $"sum {sum:r} of {expected:r}";
    }

    private static double Uniform(int index) => (SeededRandom.Mix((ulong)index) >> 11) * (1.0 / (1UL << 53));
}
