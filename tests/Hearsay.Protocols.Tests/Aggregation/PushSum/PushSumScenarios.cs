using Hearsay.Protocols.Aggregation.Definitions;
using Hearsay.Protocols.Aggregation.Epochs;
using Hearsay.Protocols.Aggregation.PushSum;
using Hearsay.Protocols.Tests.Aggregation.Carriers;
using Hearsay.Simulation;

namespace Hearsay.Protocols.Tests.Aggregation.PushSum;

/// <summary>
/// What must hold of whole networks. Each returns what was broken, or null; the same run against protocols with a
/// defect built in.
/// </summary>
internal static class PushSumScenarios
{
    public static readonly AggregateDefinition Load = new("load", AggregateKind.Average)
    {
        Method = AggregateMethod.PushSum,
    };

    public static MethodSwarm<PushSumProtocol> Swarm(
        int nodes, VirtualNetworkOptions? network = null, int cyclesPerEpoch = 60)
    {
        var options = new AggregationOptions { CyclesPerEpoch = cyclesPerEpoch };
        return new(nodes, (values, sink) => new PushSumProtocol(options, values, sink), network, options);
    }

    /// <summary>All sums and weights are those of the nodes, whatever comes twice, late or out of order.</summary>
    public static string? MassIsConserved()
    {
        var links = new LinkModel { Duplication = 0.3, Reordering = 0.2, Replay = 0.2 };
        var swarm = Swarm(60, new VirtualNetworkOptions { Links = links });
        var id = swarm.Define(Load);
        RunToEpoch(swarm, 3);
        RunToSettling(swarm);
        var slots = swarm.Members.Select(m => m.Protocol.Table.Find(id)!).ToArray();
        var (sum, given, weight) = (slots.Sum(s => s.Sums[1]), slots.Sum(s => s.Sums[0]), slots.Sum(s => s.Weight));
        var expected = 60 * 59 / 2.0;
        return Math.Abs(sum - expected) <= 1e-12 * expected && Math.Abs(given - 60) < 1e-10
            && Math.Abs(weight - 60) < 1e-10
            ? null : $"sum {sum:r} of {expected}, given {given:r}, weight {weight:r} of 60";
    }

    /// <summary>Pushes that were under way when their epoch ended do not count in the next.</summary>
    public static string? OldPushesDoNotCount()
    {
        var swarm = Swarm(60);
        var id = swarm.Define(Load);
        RunToEpoch(swarm, 2);
        RunToSettling(swarm);
        var header = new AggregationHeader(7, 2, TimeSpan.Zero, 0);
        RunToEpoch(swarm, 3);
        swarm.Run(5);
        for (var to = 0; to < 60; to++)
        {
            swarm.Inject(to, PushSumMessage.Push, Push(header with { Id = (ulong)to }, id, 1, 1, 1000));
        }

        RunToSettling(swarm);
        var weight = swarm.Members.Sum(m => m.Protocol.Table.Find(id)!.Weight);
        return Math.Abs(weight - 60) < 1e-10 ? null : $"weight {weight:r} of 60";
    }

    /// <summary>
    /// Somebody who can copy pushes but not make any sends one node all it ever got, again and again, in an epoch so
    /// long that their ids had to give way.
    /// </summary>
    public static string? CapturedPushesDoNotCountAgain()
    {
        const int nodes = 20;
        var swarm = Swarm(nodes, cyclesPerEpoch: 400);
        var id = swarm.Define(Load);
        var captured = new List<(Link From, byte[] Packet)>();
        foreach (var member in swarm.Members)
        {
            var from = new Link(member.Node.Address, LinkKind.Datagram);
            member.Node.OnSend = (to, packet) =>
            {
                var isPush = Tests.Swarm.FirstFrame(packet).Protocol == PushSumProtocol.ProtocolId;
                if (isPush && to.Address == swarm[0].Node.Address)
                {
                    captured.Add((from, packet));
                }
            };
        }

        RunToEpoch(swarm, 2);
        captured.Clear();
        for (var i = 0; i < 8; i++)
        {
            swarm.Run(45);
            foreach (var (from, packet) in captured.ToArray())
            {
                swarm.Network.Inject(swarm[0].Node, from, packet);
            }
        }

        RunToSettling(swarm);
        var slots = swarm.Members.Select(m => m.Protocol.Table.Find(id)!).ToArray();
        var (weight, mean) = (slots.Sum(s => s.Weight), slots.Sum(s => s.Sums[1]) / slots.Sum(s => s.Sums[0]));
        var repeated = swarm[0].Protocol.Counters.Repeated;
        return Math.Abs(weight - nodes) < 1e-9 && captured.Count > 2 * PushWindow.Remembered && repeated > 1000
            ? null : $"weight {weight:r} of {nodes}, mean {mean:r} of {swarm.Truth():r}, {repeated} refused";
    }

    public static void RunToEpoch(MethodSwarm<PushSumProtocol> swarm, long epoch)
    {
        for (var i = 0; i < 4000 && swarm.Up.Any(m => m.Protocol.Clock.Epoch < epoch); i++)
        {
            swarm.Run(0.25);
        }
    }

    /// <summary>Until the present epoch sends nothing any more, and what is under way has come.</summary>
    public static void RunToSettling(MethodSwarm<PushSumProtocol> swarm)
    {
        var first = swarm.Up.Max(m => m.Protocol.Clock.Epoch);
        var end = swarm.Up.Where(m => m.Protocol.Clock.Epoch == first).Min(m => m.Protocol.Clock.Ends);
        swarm.Network.RunUntil(end + (-0.1 * MethodSwarm<PushSumProtocol>.Cycle));
    }

    public static byte[] Push(AggregationHeader header, ulong id, double weight, double given, double sum)
    {
        var writer = new WireWriter(new byte[PushSumMessage.MaximumBytes]);
        header.Write(ref writer);
        writer.WriteByte(1);
        writer.WriteUInt64(id);
        writer.WriteByte(2);
        writer.WriteDouble(weight);
        writer.WriteDouble(given);
        writer.WriteDouble(sum);
        return writer.Written.ToArray();
    }
}
