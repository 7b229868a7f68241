using Hearsay.Simulation;

namespace Hearsay.Protocols.Tests.Aggregation;

public sealed class AveragingTests
{
    private static readonly AggregateDefinition Load = new("load", AggregateKind.Average);

    [Fact]
    public void Every_node_learns_the_average()
    {
        var swarm = new AggregationSwarm(100);
        var id = swarm.DefineEverywhere(Load);
        swarm.RunToEpoch(3);

        var finals = swarm.Finals(id, 2).ToArray();
        Assert.Equal(100, finals.Length);
        Assert.All(finals, f => Assert.InRange(f.Value, 49.5 * (1 - 1e-6), 49.5 * (1 + 1e-6)));
        Assert.All(finals, f => Assert.True(f.IsReady && f.Error < 1e-3 && f.Contributors > 0.999, f.ToString()));
        Swarm.Say($"largest error {finals.Max(f => Math.Abs(f.Value - 49.5)):e1}, told {finals.Max(f => f.Error):e1}");
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.3)]
    [InlineData(0.9)]
    public void The_sum_of_values_does_not_change_however_exchanges_overlap(double roundTripCycles)
    {
        var delay = roundTripCycles / 2 * AggregationSwarm.Cycle;
        var links = new LinkModel { Delay = new DelayModel(DelayKind.Uniform, 0.9 * delay, 0.1 * delay) };
        var swarm = new AggregationSwarm(60, network: new VirtualNetworkOptions { Links = links });
        var id = swarm.DefineEverywhere(Load);
        swarm.RunToEpoch(2);
        swarm.RunToSettling();

        var sum = swarm.Members.Sum(m => m.Cells(id)[1]);
        Swarm.Say($"sum {sum:r}, spread {swarm.Members.Max(m => m.Cells(id)[1]) - swarm.Members.Min(m => m.Cells(id)[1]):e1}");
        Assert.Equal(60, swarm.Members.Sum(m => m.Cells(id)[0]), 1e-12 * 60);
        Assert.Equal(60 * 59 / 2.0, sum, 1e-12 * sum);
        Assert.All(swarm.Members, m => Assert.Equal(29.5, m.Last(id).Value, 0.1));
    }
}
