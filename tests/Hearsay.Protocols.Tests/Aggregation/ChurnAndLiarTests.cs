using Hearsay.Protocols.Aggregation.Definitions;
using Hearsay.Protocols.Aggregation.Epochs;
using Hearsay.Protocols.Aggregation.PushPull;
using Hearsay.Simulation;

namespace Hearsay.Protocols.Tests.Aggregation;

public sealed class ChurnAndLiarTests
{
    [Fact]
    [Campaign]
    public void Two_hundred_nodes_agree_to_a_millionth_while_a_tenth_of_the_messages_is_lost()
    {
        var network = new VirtualNetworkOptions { Loss = 0.1, KeepsNotices = false };
        var swarm = new AggregationSwarm(200, network: network);
        var id = swarm.DefineEverywhere(AggregationScenarios.Load);
        swarm.RunToEpoch(2);
        swarm.RunToSettling();
        Assert.Null(AggregationScenarios.SumIsConserved(swarm, id, 1e-9));
        var worst = swarm.Members.Max(m => Math.Abs((m.Cells(id)[1] / m.Cells(id)[0]) - 99.5)) / 99.5;
        var counters = swarm.Members.Select(m => m.Protocol.Counters).ToArray();
        Swarm.Say($"largest relative error {worst:e1}; {counters.Sum(c => c.Started)} exchanges, "
            + $"{counters.Sum(c => c.Retries)} repeated, {counters.Sum(c => c.AnswersRepeated)} answers repeated");
        Assert.True(worst < 1e-6);
    }

    [Fact]
    [Campaign]
    public void The_size_is_right_while_one_node_in_a_hundred_is_replaced_each_cycle()
    {
        var swarm = new AggregationSwarm(200, network: new VirtualNetworkOptions { KeepsNotices = false });
        var size = swarm.DefineEverywhere(new AggregateDefinition("size", AggregateKind.NetworkSize));
        swarm.RunToEpoch(2);
        var random = new SeededRandom(11);
        var next = swarm.Members.Max(m => m.Protocol.Epoch) + 4;
        while (swarm.Up.Max(m => m.Protocol.Epoch) < next)
        {
            for (var i = 0; i < 2; i++)
            {
                var up = swarm.Up.ToArray();
                swarm.Network.Kill(up[random.Below(up.Length)].Node);
                swarm.Add();
            }

            swarm.Network.Run(AggregationSwarm.Cycle);
        }

        for (var epoch = next - 3; epoch < next; epoch++)
        {
            // Those who were killed later told it too.
            var values = swarm.Members.Select(m => m.Final(size, epoch)).OfType<AggregateEstimate>()
                .Select(f => f.Value).Order().ToArray();
            Swarm.Say($"epoch {epoch}: {values.Length} nodes say {values[0]:f1} to {values[^1]:f1}");
            Assert.All(values, v => Assert.InRange(v, 190, 210));
            Assert.True(values.Length > 100);
        }
    }

    [Theory]
    [InlineData(false, 0.5)]
    [InlineData(true, 0.05)]
    [Campaign]
    public void How_far_one_liar_moves_the_average(bool trimmed, double atMost)
    {
        var definition = new AggregateDefinition("load", AggregateKind.Average)
        {
            Minimum = 0,
            Maximum = 100,
            Trimmed = trimmed,
        };
        var swarm = new AggregationSwarm(200, value: (i, _) => 45 + (i % 11));
        var id = swarm.DefineEverywhere(definition);
        swarm.RunToEpoch(3);
        var honest = swarm.Members.Average(m => m.Final(id, 2)!.Value.Value);
        // It asks one after the other, one each cycle, and always says "everybody is at 100".
        var liar = 0ul;
        while (swarm.Members.Max(m => m.Protocol.Epoch) < 4)
        {
            var header = new AggregationHeader(++liar, 3, TimeSpan.FromSeconds(1), 0);
            AggregationScenarios.Inject(swarm, (int)(liar % 200), Lie(header, id));
            swarm.Network.Run(AggregationSwarm.Cycle);
        }

        swarm.RunToEpoch(4);
        var moved = (swarm.Members.Average(m => m.Final(id, 3)!.Value.Value) - honest) / (100 - honest);
        Swarm.Say($"trimmed {trimmed}: from {honest:f3} by {moved:p2} of the way to the lie");
        Assert.InRange(moved, -0.001, atMost);
    }

    private static byte[] Lie(AggregationHeader header, ulong id)
    {
        var writer = new WireWriter(new byte[200]);
        header.Write(ref writer);
        writer.WriteByte(0);
        writer.WriteLength(1);
        writer.WriteUInt64(id);
        writer.WriteByte(0);
        writer.WriteByte((byte)AggregatePart.Whole);
        writer.WriteLength(16);
        writer.WriteDouble(1);
        writer.WriteDouble(100);
        writer.WriteZeros(9);
        return AggregationScenarios.Packet(AggregationMessage.Request, writer.Written);
    }
}
