using Hearsay.Simulation;

namespace Hearsay.Protocols.Tests.Aggregation.States;

public sealed class DistributionTests
{
    [Fact]
    public void Every_node_learns_quantiles_a_histogram_and_a_distinct_count()
    {
        var swarm = new AggregationSwarm(
            61, network: new VirtualNetworkOptions { Loss = 0.1 }, value: (i, _) => Math.Exp((i - 30) / 5.0));
        var quantiles = swarm.DefineEverywhere(new AggregateDefinition("latency", AggregateKind.Quantiles));
        var histogram = new AggregateDefinition("latency", AggregateKind.Histogram)
        {
            Minimum = 0,
            Maximum = 400,
            Precision = 200,
        };
        var bins = swarm.DefineEverywhere(histogram);
        var items = swarm.DefineEverywhere(new AggregateDefinition("items", AggregateKind.DistinctCount));
        swarm.RunToEpoch(3);
        foreach (var final in swarm.Finals(quantiles, 2))
        {
            foreach (var (share, rank) in new[] { (0.1, 6), (0.5, 30), (0.9, 54), (1.0, 60) })
            {
                var exact = Math.Exp((rank - 30) / 5.0);
                Assert.Equal(exact, final.Distribution!.Quantile(share), 0.0101 * exact);
            }

            Assert.Equal(1, final.Value, 0.0101);
            Assert.True(final.IsReady);
        }

        foreach (var final in swarm.Finals(bins, 2))
        {
            var below = Enumerable.Range(0, 61).Count(i => Math.Exp((i - 30) / 5.0) < 2) / 61.0;
            Assert.Equal(below, final.Distribution!.ShareOf(0), 1e-4);
            Assert.Equal(200, final.Distribution.BucketCount);
        }

        Assert.Equal(61, swarm.Finals(quantiles, 2).Count());
        var counts = swarm.Finals(items, 2).ToArray();
        Assert.All(counts, f => Assert.Equal(counts[0].Value, f.Value));
        Assert.All(counts, f => Assert.InRange(f.Value, 62 - (3 * 0.033 * 62), 62 + (3 * 0.033 * 62)));
        Assert.All(counts, f => Assert.InRange(f.Error, 1.9, 2.2));
        Swarm.Say($"62 items: {counts[0].Value:f2}; {swarm.Network.Counters.Sent} packets");
    }
}
